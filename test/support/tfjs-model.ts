import * as tf from '@tensorflow/tfjs';

/** y = 2 x + 1 by element, as files of a TensorFlow.js layers model; weights by hand, not trained. */
export async function lineLayers(width = 4): Promise<Record<string, Uint8Array | string>> {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  const input = tf.input({ shape: [width], name: 'x' });
  const dense = tf.layers.dense({ units: width, name: 'y' });
  const model = tf.model({ inputs: input, outputs: dense.apply(input) as tf.SymbolicTensor });
  dense.setWeights([tf.eye(width).mul(2), tf.ones([width])]);
  const files: Record<string, Uint8Array | string> = {};
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs = [], weightData }) => {
      files['weights.bin'] = new Uint8Array(weightData as ArrayBuffer);
      files['model.json'] = JSON.stringify({
        format: 'layers-model',
        modelTopology,
        weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
      });
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  return files;
}
