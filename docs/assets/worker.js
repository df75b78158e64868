// Search on a site that is opened from the disk, where browsers start no worker: what a worker does, in a hidden frame.
(() => {
  if (location.protocol !== "file:") return
  window.Worker = class extends EventTarget {
    constructor(url) {
      super()
      const frame = document.createElement("iframe")
      frame.hidden = true
      document.documentElement.appendChild(frame)
      const inside = this.inside = frame.contentWindow
      const load = file => new Promise((done, failed) => {
        const script = inside.document.createElement("script")
        script.src = file
        script.onload = done
        script.onerror = failed
        inside.document.documentElement.appendChild(script)
      })
      inside.importScripts = (...files) => files.reduce((before, file) => before.then(() => load(file)), Promise.resolve())
      inside.postMessage = data => {
        const event = new MessageEvent("message", { data })
        this.dispatchEvent(event)
        if (this.onmessage) this.onmessage(event)
      }
      this.ready = load(url)
    }
    postMessage(data) {
      this.ready.then(() => {
        const event = new this.inside.MessageEvent("message", { data })
        this.inside.dispatchEvent(event)
        if (this.inside.onmessage) this.inside.onmessage(event)
      })
    }
    terminate() {}
  }
})()
