import type { BundleManifest } from '../bundle/schema.ts';
import { arrayOf, elementsOf, type Tensors } from './tensor.ts';

/** In words, why these are no inputs of one sample; undefined when they are. */
export function checkInputs({ inputs }: BundleManifest, given: Tensors): string | undefined {
  for (const { name, type, shape } of inputs) {
    const tensor = given[name];
    if (!tensor) return `there is no ${name}`;
    const { data, dims } = tensor;
    if (!(data instanceof arrayOf(type))) return `${name} is no ${type}`;
    const fits =
      dims.length === shape.length &&
      shape.every((axis, at) => axis === 'any' || dims[at] === (axis === 'batch' ? 1 : axis));
    if (!fits) return `${name} is ${dims.join('x')}, not ${shape.join('x')}`;
    if (elementsOf(dims) !== data.length) return `${name} has ${data.length} values for ${dims.join('x')}`;
  }
  const extra = Object.keys(given).find((name) => !inputs.some((input) => input.name === name));
  return extra === undefined ? undefined : `it has no ${extra}`;
}
