import { expect, it } from 'vitest';
import { pageAt } from './sections';

it('finds the page of an address', () => {
	expect(pageAt('')).toEqual({ name: 'index', id: '' });
	expect(pageAt('audit')).toEqual({ name: 'audit', id: '' });
	expect(pageAt('people')).toEqual({ name: 'people', id: '' });
	expect(pageAt('people/ana')).toEqual({ name: 'person', id: 'ana' });
	expect(pageAt('rooms/quay')).toEqual({ name: 'room', id: 'quay' });
});

it('finds nothing where there is nothing', () => {
	for (const path of ['nowhere', 'audit/7', 'people/ana/more']) expect(pageAt(path)).toBeNull();
});
