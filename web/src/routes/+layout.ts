// One page for all: the server hands out static files and the API, nothing is rendered there.
export const ssr = false;
