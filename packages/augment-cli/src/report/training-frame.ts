/** Size and horizontal axis of the charts over the steps of a training. */
export const trainingFrame = {
  width: 340,
  height: 190,
  marginLeft: 40,
  marginRight: 16,
  marginTop: 18,
  x: { label: 'step', ticks: 4 },
} as const;
