import { homedir } from 'node:os';
import { join } from 'node:path';

/** The user's cache folder for evenset, by each system's own convention. */
export function defaultCacheDir(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (platform === 'win32') {
    return join(
      environment.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'),
      'evenset',
      'Cache',
    );
  }
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'evenset');
  return join(environment.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'evenset');
}
