export const slowMode = {
	'room.slow_mode': 'Slow mode',
	'room.slow_mode.hint':
		'How long members wait between two messages. Who may delete messages does not wait.',
	'room.slow_mode.off': 'Off',
	'room.slow_mode.on': 'Slow mode: one message every {time}.',
	'room.slow_mode.left': 'Slow mode: you may write again in {time}.',
} as const;
