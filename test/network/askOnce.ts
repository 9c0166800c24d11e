/** Sends one request as the extension does, with what this machine trusts, and prints what came of it. */
import { BoundedQueue } from '../../src/common/boundedQueue.ts';
import { systemClock } from '../../src/common/clock.ts';
import { authoritiesReader } from '../../src/network/authorities.ts';
import { undiciFetch } from '../../src/network/undiciFetch.ts';
import { causeCodeOf } from '../../src/wire/fetchError.ts';

interface Question {
  readonly url: string;
  readonly httpProxy: string;
  readonly systemCertificates: boolean;
}

const { url, httpProxy, systemCertificates } = JSON.parse(process.argv[2] ?? '') as Question;
const fetch = undiciFetch({
  readSettings: () => ({ httpProxy, noProxy: [], strictSSL: true, systemCertificates, environment: {} }),
  readAuthorities: authoritiesReader({ environment: process.env, disk: new BoundedQueue(systemClock, 3000) }),
});
console.log(
  await fetch(url).then(
    ({ status }) => `HTTP ${status}`,
    (error: unknown) => causeCodeOf(error),
  ),
);
