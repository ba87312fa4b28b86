import { createHmac } from 'node:crypto';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What an authenticator shows (RFC 6238), so many steps of 30 s from now. */
export function totp(secret: string, ahead = 0): string {
	const bits = [...secret]
		.map((sign) => BASE32.indexOf(sign).toString(2).padStart(5, '0'))
		.join('');
	const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
	const step = Buffer.alloc(8);
	step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
	const digest = createHmac('sha1', key).update(step).digest();
	const word = digest.readUInt32BE((digest.at(-1) ?? 0) & 0xf) & 0x7fffffff;
	return String(word % 1_000_000).padStart(6, '0');
}
