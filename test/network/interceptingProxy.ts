import { getLocal } from 'mockttp';
import type { Authority, Service } from './service.ts';

/** A proxy that decrypts TLS, shows certificates of its own authority, and forwards everything to `service`. */
export async function startInterceptingProxy(
  ca: Authority,
  service: Service,
): Promise<AsyncDisposable & { readonly url: URL }> {
  const server = getLocal({ https: ca });
  await server.start();
  await server
    .forAnyRequest()
    .thenForwardTo(`https://127.0.0.1:${service.port}`, { ignoreHostHttpsErrors: true });
  return { url: new URL(`http://127.0.0.1:${server.port}`), [Symbol.asyncDispose]: () => server.stop() };
}

/** A proxy of a hotel: whatever is asked for, it answers with its own page. */
export async function startCaptivePortal(ca: Authority): Promise<AsyncDisposable & { readonly url: URL }> {
  const server = getLocal({ https: ca });
  await server.start();
  await server
    .forAnyRequest()
    .thenReply(200, '<html>Welcome to the hotel</html>', { 'content-type': 'text/html' });
  return { url: new URL(`http://127.0.0.1:${server.port}`), [Symbol.asyncDispose]: () => server.stop() };
}
