import type { Command } from '../command.js';
import { augment } from './augment.js';
import { check } from './check.js';
import { compare } from './compare.js';
import { evaluateImages } from './evaluate-images.js';
import { doctor } from './doctor.js';
import { exportModel } from './export-model.js';
import { filter } from './filter.js';
import { replay } from './replay.js';
import { review } from './review.js';
import { report } from './report.js';
import { sample } from './sample.js';
import { scan } from './scan.js';
import { train } from './train.js';

/** Every command; the first is the default one. */
export const commands: readonly Command[] = [
  augment,
  scan,
  check,
  train,
  sample,
  compare,
  evaluateImages,
  exportModel,
  review,
  filter,
  replay,
  report,
  doctor,
];
