import { groupOfName } from '../models/model-copies.js';
import type { Checkpoint } from './checkpoint.js';

/** A checkpoint with the tensors of some groups only, for whoever holds on to it: moments take as much again twice. */
export function onlyGroups(checkpoint: Checkpoint, groups: readonly string[]): Checkpoint {
  const isWanted = (name: string) => groups.includes(groupOfName(checkpoint.config, name));
  const tensors = new Map([...checkpoint.tensors].filter(([name]) => isWanted(name)));
  return { ...checkpoint, tensors };
}
