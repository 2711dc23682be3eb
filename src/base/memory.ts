/** Below this nothing is gained by looking for what can be given back. */
const worthwhileBytes = 512 * 1024 * 1024;

/**
 * Gives memory that is no longer used back to the system, for another process that needs it now: left to itself V8 keeps
 * the pages it has freed. Takes up to a second for each gigabyte in use; does nothing in a small process, or in one that
 * was started without `--expose-gc`.
 */
export function giveBackMemory(): void {
  if (process.memoryUsage.rss() < worthwhileBytes) return;
  // Only this kind gives freed pages back.
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
