export default {
  base: "./",
  // While developing, Vite would bundle the package without its worker.
  optimizeDeps: { exclude: ["cardinal-resnext"] },
};
