import * as vscode from 'vscode';

import { BoundedQueue } from '../common/boundedQueue.ts';
import type { Clock } from '../common/clock.ts';
import { lazily } from '../common/lazily.ts';
import { authoritiesReader } from '../network/authorities.ts';
import type { ReadAuthorities } from '../network/authorities.ts';
import { fallbackFetch } from '../network/fallbackFetch.ts';
import { readNetworkSettings } from '../network/networkSettings.ts';
import type { NetworkSettings } from '../network/networkSettings.ts';

/** The network as everything here uses it. */
export interface Network {
  readonly fetch: typeof globalThis.fetch;
  readonly readSettings: () => NetworkSettings;
  readonly readAuthorities: ReadAuthorities;
}

/** What files of certificates are given to answer, in milliseconds. */
const CERTIFICATES_WAIT_MS = 3000;

/** VS Code's own `fetch`, which follows its proxy settings, and ours for where that one cannot send. */
export function openNetwork(clock: Clock): Network {
  const disk = new BoundedQueue(clock, CERTIFICATES_WAIT_MS);
  const readAuthorities = authoritiesReader({ environment: process.env, disk });
  const second = lazily(async () => {
    // With the flows, which come before any request that may need it: nothing more to load for most, and no chunk of its own.
    const { undiciFetch } = await import('./grants.ts');
    return undiciFetch({ readSettings, readAuthorities });
  });
  return {
    readAuthorities,
    fetch: fallbackFetch(globalThis.fetch, async (...request) => (await second())(...request)),
    readSettings,
  };
}

function readSettings(): NetworkSettings {
  return readNetworkSettings(vscode.workspace.getConfiguration('http'), process.env);
}
