import * as vscode from 'vscode';

import type { Clock } from '../../common/clock.ts';
import { DisposableStore } from '../../common/disposable.ts';
import type { Disposable } from '../../common/disposable.ts';
import { needsUser } from '../../sessions/session.ts';
import type { Session } from '../../sessions/session.ts';
import type { SessionManager } from '../../sessions/sessionManager.ts';
import { onDidChangeSetting, readShowStatusBarItem } from '../settings.ts';
import type { RefreshActivity } from '../../sessions/refresh/activity.ts';
import { withoutIcons } from '../plainText.ts';
import { stateText } from './sessionItems.ts';

const MINUTE_MS = 60_000;

/** Who is signed in, for how long, and who should sign in again; nothing while there is nothing to show. */
export class StatusBar implements Disposable {
  readonly #sessions: SessionManager;
  readonly #activity: RefreshActivity;
  readonly #clock: Clock;
  readonly #disposables = new DisposableStore();
  #item: vscode.StatusBarItem | undefined;
  #timer: Disposable | undefined;

  constructor(sessions: SessionManager, activity: RefreshActivity, clock: Clock) {
    this.#sessions = sessions;
    this.#activity = activity;
    this.#clock = clock;
    const update = (): void => this.#update();
    this.#disposables.add(sessions.onDidUpdate(update));
    this.#disposables.add(activity.onDidChange(update));
    this.#disposables.add(onDidChangeSetting('showStatusBarItem', update));
    update();
  }

  #update(): void {
    this.#timer?.dispose();
    const { sessions } = this.#sessions;
    const [first] = sessions;
    if (first === undefined || !readShowStatusBarItem()) {
      this.#item?.dispose();
      this.#item = undefined;
      return;
    }
    this.#item ??= createItem();
    const needy = sessions.find(needsUser);
    this.#show(this.#item, sessions, needy ?? first);
    // The time left in the tooltip goes stale by itself.
    this.#timer = this.#clock.schedule(() => this.#update(), MINUTE_MS);
  }

  #show(item: vscode.StatusBarItem, sessions: readonly Session[], shown: Session): void {
    const { l10n } = vscode;
    const { label } = shown.account;
    const others = sessions.length > 1 ? ` +${sessions.length - 1}` : '';
    const isOver = needsUser(shown);
    const icon = this.#activity.isRefreshing ? '$(sync~spin)' : isOver ? '$(warning)' : '$(key)';
    const text = isOver ? l10n.t('{0}: Sign in again', label) : label;
    item.text = `${icon} ${withoutIcons(text)}${others}`;
    item.backgroundColor = isOver ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    item.tooltip = this.#tooltip(sessions);
    item.accessibilityInformation = { label: `AWS SSO: ${text}${others}` };
    item.show();
  }

  /** Plain text, which wraps at words, and in which a name can bring neither links nor icons. */
  #tooltip(sessions: readonly Session[]): string {
    const { l10n } = vscode;
    const now = this.#clock.now();
    const hint = this.#activity.isRefreshing ? l10n.t('Refreshing…') : l10n.t('Click to manage AWS sessions');
    return [...sessions.map((session) => `${session.account.label}\n${stateText(session, now)}`), hint].join(
      '\n\n',
    );
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#item?.dispose();
    this.#disposables.dispose();
  }
}

function createItem(): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem('awsSso.sessions', vscode.StatusBarAlignment.Right, 100);
  item.name = 'AWS SSO';
  item.command = 'awsSso.showSessions';
  return item;
}
