/**
 * What a phone is, on which one column shows at a time: a narrow window, or one that is held sideways. `@media (--phone)` in
 * style sheets is the same.
 */
export const PHONE =
	'((max-width: 46rem) or ((max-width: 60rem) and (max-height: 30rem) and (pointer: coarse)))';
