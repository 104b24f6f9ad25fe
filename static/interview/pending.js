// Entries not yet acknowledged by the server, kept in this browser until they are.
// IndexedDB with strict durability: they outlive a reload, a crash and a power cut.

const STORE = "pending";

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const open = () => {
  const request = indexedDB.open("soundings", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(STORE, { keyPath: "order", autoIncrement: true });
  };
  return done(request);
};

// Where the browser keeps nothing (a private window), entries live as long as the page.
class Memory {
  items = [];
  async all() { return [...this.items]; }
  async add(item) { this.items.push({ ...item, order: this.items.length + 1 }); }
  async remove(key) { this.items = this.items.filter((item) => item.key !== key); }
}

class Kept {
  constructor(database, interview) {
    this.database = database;
    this.interview = interview;
  }

  async all() {
    const rows = await done(this.database.transaction(STORE).objectStore(STORE).getAll());
    return this.interview ? rows.filter((row) => row.interview === this.interview) : rows;
  }

  async add(item) {
    const change = this.database.transaction(STORE, "readwrite", { durability: "strict" });
    change.objectStore(STORE).add({ ...item, interview: this.interview });
    await new Promise((resolve, reject) => {
      change.oncomplete = resolve;
      change.onerror = () => reject(change.error);
    });
  }

  async remove(key) {
    const row = (await this.all()).find((item) => item.key === key);
    if (row) {
      const rows = this.database.transaction(STORE, "readwrite").objectStore(STORE);
      await done(rows.delete(row.order));
    }
  }
}

// Entries of one interview; without a name, those of every interview, for reading and removing.
export const openPending = async (interview) => {
  try {
    return new Kept(await open(), interview);
  } catch {
    return new Memory();
  }
};
