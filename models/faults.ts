import { defineFaults } from '#flows/fault';

/** Every fault of bundles and of the models in them. */
export const faults = defineFaults({
  'bundle.missing': {
    message: 'There is no bundle in {folder}: {detail}.',
    help: 'A bundle is a folder with a bundle.yaml; check the path.',
  },
  'bundle.syntax': {
    message: 'The bundle.yaml is not valid: {detail}.',
    help: 'Correct the field; docs/bundles.md lists them all.',
  },
  'bundle.hash': {
    message: 'The file {file} of bundle {id} is not the one that bundle.yaml names.',
    help: 'Copy the bundle again; a file that was changed on purpose needs a new version and its new hash.',
  },
  'bundle.signature': {
    message: 'The signature of bundle {id} {version} does not fit: {detail}.',
    help: 'Do not use it: someone may have changed it. Import the bundle at the hub again.',
  },
  'bundle.expired': {
    message: 'The signature of bundle {id} {version} expired at {expires}.',
    help: 'Import it at the hub again under a new version; check the clock of this machine.',
  },
  'bundle.old': {
    message: 'Bundle {id} {version} is older than {running}, which runs.',
    help: 'To go back, import the earlier content under a new version.',
  },
  'bundle.conflict': {
    message: 'Bundle {id} {version} is there already with other content.',
    help: 'Give every content its own version.',
  },
  'bundle.golden': {
    message: 'Bundle {id} {version} does not give its golden outputs on {provider}: {detail}.',
    help: 'It is not used. Check the provider and its driver, or add a tolerance for it that was measured.',
  },
  'bundle.shape': {
    message: 'Bundle {id} {version} is not what its bundle.yaml says: {detail}.',
    help: 'Make bundle.yaml and the model agree.',
  },
  'bundle.unsigned': {
    message: 'Bundle {id} {version} is not signed.',
    help: 'Its findings say `signed: false`. Import it at a hub to have it signed.',
  },
  'model.unknown': {
    message: 'There is no model {id}.',
    help: 'See `model list` for those there are.',
  },
  'model.task': {
    message: 'Bundle {id} is for the task {task}, which this version does not know.',
    help: 'Known are: {known}.',
  },
  'model.load': {
    message: 'The model of bundle {id} {version} could not be loaded: {detail}.',
    help: 'Run `model verify` on it; the version that ran before goes on.',
  },
  'model.provider': {
    message: 'Provider {provider} cannot be used for {id}: {detail}.',
    help: 'Goes on with {next}. See docs/gpu.md for what a GPU needs.',
  },
  'model.busy': {
    message: 'The queue of {id} is full: {waiting} wait.',
    help: 'Give the model more workers, a smaller strip rate, or a box that is faster.',
  },
  'model.late': {
    message: 'The model {id} did not answer within {ms} ms.',
    help: 'Give the model more workers or a longer deadline.',
  },
  'model.hung': {
    message: 'The model {id} {version} did not come back within {ms} ms; its worker was ended.',
    help: 'It starts again by itself. If it happens again, take the bundle back.',
  },
  'model.crashed': {
    message: 'The worker of model {id} {version} ended: {detail}.',
    help: 'It starts again by itself. If it happens again, take the bundle back.',
  },
  'model.input': {
    message: 'The model {id} cannot take this input: {detail}.',
    help: 'Check what bundle.yaml says of its inputs.',
  },
  'model.stopped': {
    message: 'The model {id} was stopped before it answered.',
    help: 'Nothing needs to be done: what waited is asked again when the flow goes on.',
  },
  'picture.large': {
    message: 'The picture has {pixels} samples; at most {most} are taken.',
    help: 'Scale it down, or cut it.',
  },
  'picture.unreadable': {
    message: 'The picture cannot be read: {detail}.',
    help: 'PNG, TIFF (8 or 16 bit, one or two pages or samples) and JPEG are taken.',
  },
});
