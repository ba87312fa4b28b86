import { expect, it } from 'vitest';
import { installsBySharing } from './install-by-sharing';
import { Install } from './install.svelte';

function offered() {
	let asked = 0;
	const prompt = async () => void asked++;
	const event = new Event('beforeinstallprompt', { cancelable: true });
	return { event: Object.assign(event, { prompt }), asked: () => asked };
}

it('keeps the offer of the browser until it is taken, once', async () => {
	const target = new EventTarget();
	const install = new Install();
	install.listen(target);
	expect(install.offer).toBeNull();
	const { event, asked } = offered();
	target.dispatchEvent(event);
	expect(event.defaultPrevented).toBe(true);
	expect(install.offer).toBe(event);
	await install.take();
	await install.take();
	expect(asked()).toBe(1);
	expect(install.offer).toBeNull();
});

it('has nothing to offer once it is installed', () => {
	const target = new EventTarget();
	const install = new Install();
	install.listen(target);
	target.dispatchEvent(offered().event);
	target.dispatchEvent(new Event('appinstalled'));
	expect(install.offer).toBeNull();
});

it('knows where it goes by the menu for sharing', () => {
	const on = (agent: string, fingers = 5, installed = false) =>
		installsBySharing({ agent, fingers, installed });
	expect(on('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)')).toBe(true);
	// Tablets say that they are computers.
	expect(on('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari')).toBe(true);
	expect(on('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari', 0)).toBe(false);
	expect(on('Mozilla/5.0 (Linux; Android 15) Chrome')).toBe(false);
	expect(on('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)', 5, true)).toBe(false);
});
