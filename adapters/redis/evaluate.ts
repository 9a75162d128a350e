/** Names a script by its hash, and sends it whole where Redis does not know it, after a restart say. */
export async function evaluate<T>(bySha: () => Promise<T>, whole: () => Promise<T>): Promise<T> {
  try {
    return await bySha();
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('NOSCRIPT')) return whole();
    throw error;
  }
}
