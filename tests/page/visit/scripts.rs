//! Scripts that several tests put before the worker's own.

/// Keeps the devices that are opened, so that a test can destroy them.
pub const DEVICES: &str = "
    self.devices = [];
    const requestDevice = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (...args) {
        const device = await requestDevice.apply(this, args);
        devices.push(device);
        return device;
    };
";

/// Counts buffers and query sets that were made and not destroyed.
pub const GPU_COUNTED: &str = "
    self.live = { buffers: new Map(), queries: new Set(), most: 0 };
    const makes = (name, note) => {
        const made = GPUDevice.prototype[name];
        GPUDevice.prototype[name] = function (how) { return note(made.call(this, how), how) };
    };
    const ends = (kind, note) => {
        const destroy = kind.prototype.destroy;
        kind.prototype.destroy = function () { note(this); return destroy.call(this) };
    };
    makes('createBuffer', (buffer, how) => (live.buffers.set(buffer, how.size), buffer));
    makes('createQuerySet', (set) => (live.queries.add(set), live.most = Math.max(live.most, live.queries.size), set));
    ends(GPUBuffer, (buffer) => live.buffers.delete(buffer));
    ends(GPUQuerySet, (set) => live.queries.delete(set));";

/// Bytes of all buffers that live.
pub const GPU_BYTES: &str = "[...live.buffers.values()].reduce((sum, size) => sum + size, 0)";

/// Refuses buffers where more than `budget` bytes would live, as a device does that is out of memory. Goes after [`GPU_COUNTED`].
pub const GPU_BUDGET: &str = "
    self.budget = Infinity;
    const scopes = [];
    const push = GPUDevice.prototype.pushErrorScope, pop = GPUDevice.prototype.popErrorScope;
    GPUDevice.prototype.pushErrorScope = function (filter) {
        scopes.push({ filter, error: null });
        return push.call(this, filter);
    };
    GPUDevice.prototype.popErrorScope = function () {
        const { error } = scopes.pop();
        const popped = pop.call(this);
        return error ? popped.then(() => error) : popped;
    };
    const createBuffer = GPUDevice.prototype.createBuffer;
    GPUDevice.prototype.createBuffer = function (how) {
        const buffer = createBuffer.call(this, how);
        const scope = scopes.findLast(({ filter }) => filter === 'out-of-memory');
        const bytes = [...live.buffers.values()].reduce((sum, size) => sum + size, 0);
        if (scope && bytes > budget) scope.error = new GPUOutOfMemoryError('the budget is spent');
        return buffer;
    };";
