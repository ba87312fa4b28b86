// Paints the icons of the installed app from the mark into web/static/icons: `npm run icons`.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';

const STATIC = join(import.meta.dirname, '../web/static');
const TEAL = '#0d6b62';
const PAPER = '#fffdf9';

const mark = readFileSync(join(STATIC, 'mark.svg'), 'utf8');
/** The other way round, on a ground of its own. */
const inverse = mark
	.replace(`fill="${TEAL}"`, `fill="${PAPER}"`)
	.replace('stroke="#fff"', `stroke="${TEAL}"`)
	.replace('fill="#ffb38a"', 'fill="#e0672f"');

/** `share`: how much of the width the mark takes; of a maskable icon, what is outside four fifths may be cut off. */
const icons = [
	{ name: '192', size: 192, svg: mark, share: 1, ground: 'transparent' },
	{ name: '512', size: 512, svg: mark, share: 1, ground: 'transparent' },
	{ name: 'maskable-192', size: 192, svg: inverse, share: 0.64, ground: TEAL },
	{ name: 'maskable-512', size: 512, svg: inverse, share: 0.64, ground: TEAL },
	{ name: 'apple-touch', size: 180, svg: inverse, share: 0.72, ground: TEAL },
];

mkdirSync(join(STATIC, 'icons'), { recursive: true });
const browser = await chromium.launch({
	executablePath: '/usr/bin/chromium',
	args: ['--no-sandbox'],
});
for (const { name, size, svg, share, ground } of icons) {
	const page = await browser.newPage({ viewport: { width: size, height: size } });
	const style = `html { background: ${ground} } body { margin: 0; display: grid; place-items: center; height: 100vh }
		svg { width: ${share * 100}vw; height: ${share * 100}vh }`;
	await page.setContent(`<style>${style}</style>${svg}`);
	await page.screenshot({
		path: join(STATIC, 'icons', `${name}.png`),
		omitBackground: ground === 'transparent',
	});
	await page.close();
}
await browser.close();
