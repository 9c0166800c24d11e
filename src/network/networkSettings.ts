import * as v from 'valibot';

/** What the user, the administrator and the system say about the network. */
export interface NetworkSettings {
  /** VS Code's `http.proxy`: a URL, perhaps with credentials, or empty. */
  readonly httpProxy: string;
  /** VS Code's `http.noProxy`. When it has entries, the environment's are not asked. */
  readonly noProxy: readonly string[];
  /** VS Code's `http.proxyStrictSSL`: whether certificates are verified. */
  readonly strictSSL: boolean;
  /** VS Code's `http.systemCertificates`: whether the system's certificate authorities are trusted too. */
  readonly systemCertificates: boolean;
  /** The environment variables, of which `HTTPS_PROXY` and its family count. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const httpProxy = v.fallback(v.string(), '');
const noProxy = v.fallback(v.array(v.string()), []);
const onUnlessFalse = v.fallback(v.boolean(), true);

/** Reads VS Code's settings below `http`. What has the wrong type counts as not set, as it does for VS Code. */
export function readNetworkSettings(
  http: { get(key: string): unknown },
  environment: NetworkSettings['environment'],
): NetworkSettings {
  return {
    httpProxy: v.parse(httpProxy, http.get('proxy')),
    noProxy: v.parse(noProxy, http.get('noProxy')),
    strictSSL: v.parse(onUnlessFalse, http.get('proxyStrictSSL')),
    systemCertificates: v.parse(onUnlessFalse, http.get('systemCertificates')),
    environment,
  };
}
