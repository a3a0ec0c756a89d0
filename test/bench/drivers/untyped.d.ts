/** Packages without types of their own, as far as they are called. */
declare module 'ggencoder' {
  const ggencoder: {
    AisDecode: new (sentence: string, session?: object) => { readonly valid: boolean };
  };
  export default ggencoder;
}
