import * as vscode from 'vscode';

import { BoundedQueue } from '../common/boundedQueue.ts';
import type { Clock } from '../common/clock.ts';
import { authoritiesReader } from '../network/authorities.ts';
import type { ReadAuthorities } from '../network/authorities.ts';
import { fallbackFetch } from '../network/fallbackFetch.ts';
import { readNetworkSettings } from '../network/settings.ts';
import type { NetworkSettings } from '../network/settings.ts';
import { undiciFetch } from '../network/undiciFetch.ts';

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
  return {
    readAuthorities,
    fetch: fallbackFetch(globalThis.fetch, undiciFetch({ readSettings, readAuthorities })),
    readSettings,
  };
}

function readSettings(): NetworkSettings {
  return readNetworkSettings(vscode.workspace.getConfiguration('http'), process.env);
}
