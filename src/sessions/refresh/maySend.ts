/** What is known of a refresh token just before it would be sent. */
export interface SendFacts {
  /** No other window of this machine can be refreshing the session: its lock is held. */
  readonly isLocked: boolean;
  /** The vault has this very token; otherwise only this window's memory has it. */
  readonly isStored: boolean;
  /** The intent to send it is in the index file: a crash from here on leaves a trace. */
  readonly isTraced: boolean;
  /** Whatever was done since the token was issued is in the index file as well: it could be written all the time. */
  readonly isHistoryTraced: boolean;
  /** Another machine may write to the index file, where no lock keeps it out. */
  readonly isShared: boolean;
  /** The access token is too close to its end to wait for anything better. */
  readonly isNearlyOver: boolean;
}

/**
 * Whether the refresh token may be sent. AWS accepts each only once: sent twice, or sent and its answer lost, it ends the
 * session. So nobody else may have used it, as far as anybody can know; and while there is time, nothing may be lost that
 * comes of it. In a folder that several machines share the intent has to settle besides, see `RefreshIntents`.
 */
export function maySend({
  isLocked,
  isStored,
  isTraced,
  isHistoryTraced,
  isShared,
  isNearlyOver,
}: SendFacts): boolean {
  const isUnused = isStored || (isTraced && isHistoryTraced);
  const isKeptSafe = isLocked && isStored && isTraced;
  return isUnused && (isKeptSafe || isNearlyOver) && (isTraced || !isShared);
}
