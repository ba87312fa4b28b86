/** Two soft tones, the second a fifth above the first: frequency in Hz, and when it begins, in seconds. */
const TONES = [
	[587.33, 0],
	[880, 0.11],
] as const;
const LENGTH_S = 0.45;
const LOUDNESS = 0.16;

let context: AudioContext | null = null;

/** The sound of something new. Browsers keep a page silent in which nobody has done anything yet. */
export function chime(): void {
	const { userActivation } = navigator as Partial<Navigator>;
	if (typeof AudioContext === 'undefined' || userActivation?.hasBeenActive === false) return;
	context ??= new AudioContext();
	const { state } = context;
	if (state === 'running') return play(context);
	const audio = context;
	audio
		.resume()
		.then(() => play(audio))
		.catch((error: unknown) => console.warn('no sound', error));
}

function play(audio: AudioContext): void {
	for (const [frequency, after] of TONES) {
		const start = audio.currentTime + after;
		const tone = audio.createOscillator();
		const volume = audio.createGain();
		tone.frequency.value = frequency;
		volume.gain.setValueAtTime(0, start);
		volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.015);
		volume.gain.exponentialRampToValueAtTime(0.0001, start + LENGTH_S);
		tone.connect(volume).connect(audio.destination);
		tone.start(start);
		tone.stop(start + LENGTH_S);
	}
}
