/** Share of fresh real images that a copy threshold would call copies: the known false-alarm rate. */
export const FALSE_ALARM_RATE = 0.01;

/** Below this many held-out images their 1 % quantile means little: leave-one-out on train then. */
export const MIN_HELD_OUT = 100;
