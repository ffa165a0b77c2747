/** What a rank metric is. */

/** A figure made from the queries' ranks (1 is best); 0 if there are none. */
export type RankMetric = (ranks: Int32Array) => number
