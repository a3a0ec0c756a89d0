/** A program that says whether a rendered file is right, before it takes the place of the one that is there. */
export interface FileCheck {
  readonly program: string;
  /** `{file}` is where the content lies for the check. */
  readonly args: readonly string[];
}

interface Common {
  /** Name of the step, unique in the plan. */
  readonly id: string;
  /** Why it is there, in one sentence. */
  readonly why: string;
}

/** What one step makes of the machine. A step that finds it so does nothing. */
export type Step = Common &
  (
    | { readonly kind: 'packages'; readonly names: readonly string[] }
    | {
        readonly kind: 'folder';
        readonly path: string;
        readonly mode: number;
        readonly owner: string;
      }
    | {
        readonly kind: 'file';
        readonly path: string;
        readonly mode: number;
        readonly content: string;
        readonly check?: FileCheck;
      }
    | { readonly kind: 'reserve'; readonly path: string; readonly bytes: number; readonly owner: string }
    /** A program that reads what was written. `after`: it runs only when one of these steps changed something. */
    | {
        readonly kind: 'run';
        readonly program: string;
        readonly args: readonly string[];
        readonly after?: readonly string[];
        /** Option that makes the program work in a folder that is no running system; absent: it cannot. */
        readonly rootOption?: string;
      }
    | {
        readonly kind: 'look';
        readonly program: string;
        readonly args: readonly string[];
        readonly help: string;
      }
  );

/** What is to be done, in order: data, to be read by people and by `apply`. */
export interface Plan {
  readonly steps: readonly Step[];
}

/** What a step does, in a few words. */
export function summaryOf(step: Step): string {
  switch (step.kind) {
    case 'packages':
      return `install ${step.names.join(', ')}`;
    case 'folder':
      return `folder ${step.path} ${step.mode.toString(8)} ${step.owner}`;
    case 'file':
      return `file ${step.path} ${step.mode.toString(8)}, ${step.content.split('\n').length - 1} lines`;
    case 'reserve':
      return `hold back ${Math.round(step.bytes / 1e6)} MB in ${step.path}`;
    case 'run':
    case 'look':
      return [step.program, ...step.args].join(' ');
  }
}
