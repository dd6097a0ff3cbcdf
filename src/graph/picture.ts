/** A picture of one Service, from clients on the left to endpoints on the right. Plain data: printers make text of it. */
export interface Picture {
  /** `default/web`. */
  readonly service: string;
  /** `default/web: NodePort, on worker-1 (iptables mode)`. */
  readonly title: string;
  /** The same picture in words, for those who cannot see it: whole lines without a full stop. */
  readonly words: readonly string[];
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/** In their order from left to right; unselected pods stand with the endpoints. */
export const COLUMNS = ['client', 'address', 'choice', 'endpoint'] as const;

export type Column = (typeof COLUMNS)[number];

/** `refused`: connections end here, or one side of them does. `idle`: no connection gets there. */
export type Tone = 'plain' | 'refused' | 'idle';

export interface Box {
  /** Unique in its picture: letters and digits. */
  readonly id: string;
  readonly column: Column;
  readonly tone: Tone;
  readonly title: string;
  readonly details: readonly string[];
  /** What it stands for, as `explain` spells it: `10.96.0.1:80`; several where boxes are folded into one. */
  readonly addresses: readonly string[];
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly tone: Tone;
  /** "": none. */
  readonly label: string;
}

/** A picture in the making. */
export interface Canvas {
  /** @returns its id */
  readonly box: (box: Omit<Box, 'id' | 'details' | 'addresses' | 'tone'> & Partial<Box>) => string;
  readonly arrow: (from: string, to: string, rest?: Partial<Pick<Arrow, 'tone' | 'label'>>) => void;
  readonly say: (words: string) => void;
  readonly picture: (name: Pick<Picture, 'service' | 'title'>) => Picture;
}

/** An empty picture. */
export function createCanvas(): Canvas {
  const boxes: Box[] = [];
  const arrows: Arrow[] = [];
  const drawn = new Set<string>();
  const words: string[] = [];
  return {
    box: (box) => {
      const id = `b${boxes.length + 1}`;
      boxes.push({ details: [], addresses: [], tone: 'plain', ...box, id });
      return id;
    },
    arrow: (from, to, { tone = 'plain', label = '' } = {}) => {
      const key = `${from} ${to} ${label}`;
      if (drawn.has(key)) return;
      drawn.add(key);
      arrows.push({ from, to, tone, label });
    },
    say: (text) => {
      words.push(text);
    },
    picture: (name) => ({ ...name, words, boxes, arrows }),
  };
}
