/** Imagga documents what its statuses mean, not how it words them: these words are ours. */
const texts: Readonly<Record<number, string>> = {
  400: 'The request is missing an image, or the image could not be downloaded.',
  401: 'Authorization problem.',
  403: 'You have reached your monthly limits for this subscription.',
  404: 'The requested resource does not exist.',
  405: 'The method is not allowed.',
  406: 'Only JSON is answered.',
  410: 'The requested resource is gone.',
  429: 'The concurrency limit of your plan is reached, wait a second and try again.',
  503: 'The service is under maintenance.',
};

/** `{"result": {}, "status": {"text", "type": "error"}}` */
export const imaggaError = (status: number, text = texts[status] ?? 'Internal error.') => ({
  result: {},
  status: { text, type: 'error' },
});

export const imaggaSuccess = (result: object) => ({ result, status: { text: '', type: 'success' } });
