import { expect, it, vi } from 'vitest';
import { placeholder } from './placeholders.svelte';

it('makes a placeholder, or none of nonsense', async () => {
	const said = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
	expect(placeholder(null)).toBeNull();
	expect(placeholder('***')).toBeNull();
	await vi.waitFor(() => expect(said).toHaveBeenCalledOnce());
	expect(placeholder('***')).toBeNull();
	const hash = '1QcSHQRnh493V4dIh4eXh1h4kJUI';
	await vi.waitFor(() => expect(placeholder(hash)).toMatch(/^url\(data:image\/png;base64,/));
	expect(said).toHaveBeenCalledOnce();
	said.mockRestore();
});
