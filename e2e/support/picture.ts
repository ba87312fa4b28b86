/** A picture of 80 × 40 pixels: red on the left, blue on the right. */
export const PICTURE = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAFAAAAAoCAIAAADmAupWAAAAR0lEQVR42u3PMQ0AAAzDsCEZf2TFMRbrYyl/5MlupdI2AwwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM/NsBua0p0yHvGeUAAAAASUVORK5CYII=',
	'base64',
);
