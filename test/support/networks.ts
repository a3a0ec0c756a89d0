import { Graph } from './onnx.ts';

/** Weights that are always the same: a linear congruential generator, scaled as He does. */
function weights(count: number, fanIn: number, seed: number): Float32Array {
  let state = seed >>> 0;
  const scale = Math.sqrt(6 / fanIn);
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 31 - 1) * scale;
  });
}

/** y = 2 x + 1, by element. */
export function lineModel(width = 4): Buffer {
  const graph = new Graph();
  const x = graph.input('x', ['batch', width]);
  const two = graph.constant([1], Float32Array.of(2));
  const one = graph.constant([1], Float32Array.of(1));
  graph.node('Add', [graph.node('Mul', [x, two]), one], {}, 'y');
  graph.output('y', ['batch', width]);
  return graph.model();
}

/** Runs round and round when its input is above 0: native code that does not come back, or after so many rounds. */
export function loopModel(most = 1n << 62n): Buffer {
  const body = new Graph();
  body.input('round', [], 'int64');
  const going = body.input('going', [], 'bool');
  const x = body.input('value', ['batch', 4]);
  body.node('Identity', [going], {}, 'goes');
  body.node('Identity', [x], {}, 'next');
  body.output('goes', [], 'bool');
  body.output('next', ['batch', 4]);
  const graph = new Graph();
  const input = graph.input('x', ['batch', 4]);
  const zero = graph.constant([1], Float32Array.of(0));
  const highest = graph.node('ReduceMax', [input], { keepdims: 0 });
  const again = graph.node('Greater', [highest, zero]);
  const flag = graph.node('Squeeze', [again]);
  const rounds = graph.constant([], BigInt64Array.of(most));
  graph.node('Loop', [rounds, flag, input], { body }, 'y');
  graph.output('y', ['batch', 4]);
  return graph.model();
}

/**
 * The shape of network that strips are judged with: space to depth by 2, then a U-Net of depth 3, to a mask at half
 * the resolution. Its weights are drawn, not trained: it is there for its cost.
 */
export function unetModel(
  { rows, columns, planes = 2, base = 16, depth = 3 } = { rows: 192, columns: 640 },
): Buffer {
  const graph = new Graph();
  let seed = 1;
  const conv = (input: string, from: number, to: number, size = 3, relu = true) => {
    const kernel = graph.constant(
      [to, from, size, size],
      weights(to * from * size * size, from * size * size, seed++),
    );
    const bias = graph.constant([to], new Float32Array(to));
    const pad = (size - 1) / 2;
    const output = graph.node('Conv', [input, kernel, bias], {
      kernel_shape: [size, size],
      pads: [pad, pad, pad, pad],
    });
    return relu ? graph.node('Relu', [output]) : output;
  };
  const double = (input: string, from: number, to: number) => conv(conv(input, from, to), to, to);
  const scales = graph.constant([4], Float32Array.of(1, 1, 2, 2));
  const x = graph.input('x', ['batch', planes, rows, columns]);
  let level = double(graph.node('SpaceToDepth', [x], { blocksize: 2 }), planes * 4, base);
  const skips: { name: string; channels: number }[] = [];
  let channels = base;
  for (let step = 0; step < depth; step++) {
    skips.push({ name: level, channels });
    const pooled = graph.node('MaxPool', [level], { kernel_shape: [2, 2], strides: [2, 2] });
    level = double(pooled, channels, channels * 2);
    channels *= 2;
  }
  for (const { name, channels: across } of skips.reverse()) {
    const up = graph.node('Resize', [level, '', scales], { mode: 'nearest' });
    level = double(graph.node('Concat', [up, name], { axis: 1 }), channels + across, across);
    channels = across;
  }
  graph.node('Sigmoid', [conv(level, channels, 1, 1, false)], {}, 'mask');
  graph.output('mask', ['batch', 1, rows / 2, columns / 2]);
  return graph.model();
}
