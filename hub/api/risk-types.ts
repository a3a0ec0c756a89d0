/** What one kind of event is worth. */
export interface RiskWeight {
  /** Type of event; one that ends in `*` stands for all that begin so. The longest that fits counts. */
  readonly type: string;
  /** Points of one such event. */
  readonly points: number;
  /** After so long it is worth half, hours. */
  readonly halfLifeHours: number;
}

/** GET and PUT /risk-rules */
export interface RiskRules {
  readonly weights: readonly RiskWeight[];
  /** Many events of one type count as so many at most. */
  readonly most: number;
  /** From so many points on an object is worth a look, and from so many it is to be stopped. */
  readonly raised: number;
  readonly high: number;
  readonly changed?: string;
  readonly by?: string;
}

/** GET /objects/:object/risk?at: a plain sum, with its parts. */
export interface ObjectRisk {
  readonly object: string;
  readonly at: string;
  readonly score: number;
  readonly level: 'none' | 'some' | 'raised' | 'high';
  /** Heaviest first; they add up to the score. */
  readonly parts: readonly {
    readonly type: string;
    readonly points: number;
    readonly events: number;
    readonly last: string;
    /** The event that was last, by its id. */
    readonly event: string;
  }[];
  /** There were more events than were looked at. */
  readonly partial: boolean;
}
