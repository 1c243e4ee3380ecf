/**
 * onnxruntime looks up and reports to its makers' host unless the environment of its process says otherwise when it is loaded; what it could not
 * send it keeps in a queue under `~/.cache`, with the names of models and files in it. To be called before that, in the main thread: others have
 * copies of the environment, which the library does not see.
 *
 * @returns what a process of its own needs in its environment; an operator who has set the variable is left their choice
 */
export const quietRuntime = (): Readonly<Record<string, string>> => {
  const chosen = process.env.ORT_DISABLE_TELEMETRY || '1';
  process.env.ORT_DISABLE_TELEMETRY = chosen;
  return { ORT_DISABLE_TELEMETRY: chosen };
};
