import * as vscode from 'vscode';

import { readAuthorities } from '../network/authorities.ts';
import { fallbackFetch } from '../network/fallbackFetch.ts';
import { readNetworkSettings } from '../network/settings.ts';
import type { NetworkSettings } from '../network/settings.ts';
import { undiciFetch } from '../network/undiciFetch.ts';

/** The network as everything here uses it. */
export interface Network {
  readonly fetch: typeof globalThis.fetch;
  readonly readSettings: () => NetworkSettings;
}

/** VS Code's own `fetch`, which follows its proxy settings, and ours for where that one cannot send. */
export function openNetwork(): Network {
  return {
    fetch: fallbackFetch(globalThis.fetch, undiciFetch({ readSettings, readAuthorities })),
    readSettings,
  };
}

function readSettings(): NetworkSettings {
  return readNetworkSettings(vscode.workspace.getConfiguration('http'), process.env);
}
