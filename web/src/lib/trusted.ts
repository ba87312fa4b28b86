/** What a browser that knows trusted types gives: https://www.w3.org/TR/trusted-types/. */
interface TrustedTypes {
	createPolicy(name: string, rules: Rules): Record<keyof Rules, (text: string) => unknown>;
}

interface Rules {
	createHTML: (text: string) => string;
	createScriptURL: (url: string) => string;
}

const SERVICE_WORKER = '/service-worker.js';

/** The page's policy forbids to make HTML of a text in any other way, and to run any other worker. */
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
const policy = trustedTypes?.createPolicy('charla', {
	createHTML: (html) => html,
	createScriptURL: (url) => {
		if (url !== SERVICE_WORKER) throw new TypeError(`${url} is no script of ours`);
		return url;
	},
});

/** HTML that the server has cleaned, or that we have escaped ourselves: nothing else may come in here. */
export function trustedHtml(html: string): string {
	return policy ? (policy.createHTML(html) as string) : html;
}

/** Where the service worker is. */
export function serviceWorkerUrl(): string {
	return policy ? (policy.createScriptURL(SERVICE_WORKER) as string) : SERVICE_WORKER;
}
