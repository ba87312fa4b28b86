/** Pictures as browsers show them; what others cannot show is a file by its name. */
const SHOWN = /^image\/(jpeg|png|webp|gif|avif|bmp)$/;

/** Shows pictures from the device itself, before and while they are uploaded. */
export const previews = {
	make: (file: File): string | null => (SHOWN.test(file.type) ? URL.createObjectURL(file) : null),
	drop: (address: string) => URL.revokeObjectURL(address),
};
