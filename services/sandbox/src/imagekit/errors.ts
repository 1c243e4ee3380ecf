/** The words of ImageKit's errors, as its documentation and public fixtures have them. */
const messages: Readonly<Record<number, string>> = {
  400: 'Your request is missing file parameter.',
  401: 'Your request does not contain private API key.',
  403: 'Upload Limit Exceeded',
  404: 'The requested file does not exist.',
  429: 'Too many requests.',
};
const internal = 'We have experienced an internal error while processing your request.';

/** `{"message", "help"}`, with the blank before the last dot that the real ones have. */
export const imagekitError = (status: number, message = messages[status] ?? internal) => ({
  message,
  help: 'For support kindly contact us at support@imagekit.io .',
});
