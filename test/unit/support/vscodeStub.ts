import { registerHooks } from 'node:module';

/** What of VS Code it takes to load the parts whose logic needs no editor: nothing is shown, and nobody answers. */
const STUB = `
export class CancellationError extends Error {
  name = 'Canceled';
  message = 'Canceled';
}
export class EventEmitter {
  event = () => ({ dispose() {} });
  fire() {}
  dispose() {}
}
`;

/** Runs `load`, which imports modules that stand on VS Code, with nearly nothing in its place. */
export async function withoutVsCode<T>(load: () => Promise<T>): Promise<T> {
  const url = `data:text/javascript,${encodeURIComponent(STUB)}`;
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'vscode' ? { url, format: 'module', shortCircuit: true } : next(specifier, context),
  });
  try {
    return await load();
  } finally {
    hooks.deregister();
  }
}
