import type { Config } from '../../config/load-config.ts';
import type { RawEnvironment } from '../../config/read-environment.ts';
import type { DataFolder } from '../data-folder.ts';
import type { Supervisor } from '../supervise/create-supervisor.ts';
import type { Progress } from './progress.ts';
import type { StartOptions } from './start-options.ts';

/** What a start is given. */
export interface Launch {
  readonly config: Config;
  readonly env: RawEnvironment;
  readonly options: StartOptions;
  readonly folder: DataFolder;
  readonly projectRoot: string;
  readonly supervisor: Supervisor;
  readonly progress: Progress;
  /** Aborted when the operator wants to stop. */
  readonly signal: AbortSignal;
}
