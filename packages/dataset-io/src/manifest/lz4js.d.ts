declare module 'lz4js' {
  const lz4: {
    /** Decodes one block behind what `target` holds already; returns the new end. */
    decompressBlock(
      source: Uint8Array,
      target: Uint8Array,
      sourceStart: number,
      sourceLength: number,
      targetStart: number,
    ): number;
  };
  export default lz4;
}
