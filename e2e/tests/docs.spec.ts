import { expect, test } from '../support/test.ts';

test('the API reference shows, from this server alone', { tag: '@desktop' }, async ({ open }) => {
	const { page } = await open(null, '/api/docs/');
	await expect(page.getByRole('heading', { name: 'Charla', exact: true })).toBeVisible();
	await expect(
		page.getByText('Begins a session, by username or e-mail address.').first(),
	).toBeAttached();
});

test('browsers find an icon where they look for one', { tag: '@desktop' }, async ({ server }) => {
	for (const path of ['/favicon.ico', '/mark.svg']) {
		const response = await fetch(server.url + path);
		expect(response.status, path).toBe(200);
		expect(response.headers.get('content-type')).toMatch(/^image\//);
	}
});
