import type { Clock } from '../common/clock.ts';
import { DisposableStore } from '../common/disposable.ts';
import type { Disposable } from '../common/disposable.ts';
import type { Log } from '../common/log.ts';
import type { Holder } from '../common/locks/holder.ts';
import type { Locks } from '../common/locks/locks.ts';
import type { Random } from '../common/random.ts';
import { WorkUnderWay } from './workUnderWay.ts';
import { LiveSessions } from './liveSessions.ts';
import { MissingTokens } from './missingTokens.ts';
import { ClockWatch } from './refresh/clockWatch.ts';
import type { RefreshPolicy } from './refresh/policy.ts';
import { Refresher } from './refresh/refresher.ts';
import { RefreshLocks } from './refresh/refreshLocks.ts';
import { RefreshScheduler } from './refresh/scheduler.ts';
import { StorageUpkeep } from './refresh/storageUpkeep.ts';
import { SessionEnd } from './sessionEnd.ts';
import { SignInKeeper } from './signIn/signInKeeper.ts';
import { SignOut } from './signOut.ts';
import type { IndexFile } from './store/indexFile.ts';
import { LocalSessions } from './store/localSessions.ts';
import { PendingWrites } from './store/pending/pendingWrites.ts';
import { SessionStore } from './store/sessionStore.ts';
import { TokenStore } from './store/tokenStore.ts';
import type { TokenService } from './tokenService.ts';
import type { Vault } from './vault/vault.ts';

/** What the sessions stand on: the machine, and the service. */
export interface SessionPorts {
  readonly file: IndexFile;
  readonly vault: Vault;
  readonly locks: Locks;
  readonly service: TokenService;
  /** Names the network the machine is on just now. */
  readonly networkId: () => string;
  readonly policy: RefreshPolicy;
  readonly clock: Clock;
  readonly random: Random;
  /** This process. */
  readonly holder: Holder;
  readonly log: Log;
}

/** The parts of a {@link SessionManager}. */
export interface SessionParts extends Disposable {
  readonly store: SessionStore;
  readonly tokens: TokenStore;
  readonly end: SessionEnd;
  readonly refresher: Refresher;
  readonly scheduler: RefreshScheduler;
  readonly missing: MissingTokens;
  readonly live: LiveSessions;
  readonly keeper: SignInKeeper;
  readonly signOut: SignOut;
  readonly underWay: WorkUnderWay;
}

/** Builds the parts, each on those above it. */
export function createSessionParts(ports: SessionPorts): SessionParts {
  const { file, vault, locks, service, networkId, policy, clock, random, holder, log } = ports;
  const disposables = new DisposableStore();
  const underWay = new WorkUnderWay();

  const pending = new PendingWrites();
  const tokens = disposables.add(new TokenStore(vault, pending, clock, log));
  const local = disposables.add(new LocalSessions({ tokens, holder, clock }));
  const store = disposables.add(new SessionStore({ file, locks, holder, local, pending, clock, log }));
  const end = disposables.add(new SessionEnd({ store, tokens, local, clock, log }));

  const watch = new ClockWatch();
  const refreshLocks = disposables.add(new RefreshLocks(locks, pending, log));
  const refresher = disposables.add(
    new Refresher({
      store,
      tokens,
      pending,
      locks: refreshLocks,
      end,
      watch,
      service,
      policy,
      clock,
      random,
      holder,
      log,
    }),
  );
  const upkeep = new StorageUpkeep({ store, tokens, pending, locks: refreshLocks });
  const scheduler = disposables.add(
    new RefreshScheduler({
      store,
      refresher,
      end,
      local,
      watch,
      upkeep,
      networkId,
      policy,
      clock,
      random,
    }),
  );

  const missing = disposables.add(new MissingTokens({ store, tokens, clock, log }));
  const live = new LiveSessions({ store, tokens, scheduler, end, missing, underWay, clock });
  const keeper = new SignInKeeper({ store, tokens, local, pending, holder, clock, random, log });
  const signOut = disposables.add(
    new SignOut({ store, tokens, pending, scheduler, locks, service, underWay, clock, log }),
  );
  disposables.add(tokens.onDidFindSignOut((signedOut) => void signOut.takeOver(signedOut)));
  return {
    store,
    tokens,
    end,
    refresher,
    scheduler,
    missing,
    live,
    keeper,
    signOut,
    underWay,
    dispose: () => disposables.dispose(),
  };
}
