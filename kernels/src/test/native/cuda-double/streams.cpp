/* Test double of the CUDA driver: streams and events. Work stays queued until something waits for it,
 * and then only that runs which it depends on: whoever does not wait sees old data. */
#include <chrono>

#include "driver.h"

namespace bkdouble {
namespace {

double now() {
  auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::milli>(since).count();
}

/* Runs a stream's work, up to a ticket if there is one. */
int run(Stream& stream, const Ticket* until) {
  if (stream.running) return driver().lost; /* a cycle of waits ends here */
  stream.running = true;
  CUcontext caller = current();
  current() = stream.context;
  while (!stream.queue.empty() && !driver().lost && !(until && until->done)) {
    Command command = std::move(stream.queue.front());
    stream.queue.pop_front();
    int code = enter(Kind::EXECUTE);
    if (!code) code = command();
    if (code) driver().lost = code;
  }
  if (driver().lost) stream.queue.clear();
  current() = caller;
  stream.running = false;
  return driver().lost;
}

int find(CUstream handle, Stream*& stream) {
  auto found = driver().streams.find(handle);
  if (found == driver().streams.end()) {
    return misuse(INVALID_HANDLE, handle ? "a stream that does not exist" : "use of the null stream");
  }
  if (found->second.context != current()) {
    return misuse(INVALID_HANDLE, "a stream of another context");
  }
  stream = &found->second;
  return SUCCESS;
}

int find(CUevent handle, Event*& event) {
  auto found = driver().events.find(handle);
  if (found == driver().events.end() || found->second.context != current()) {
    return misuse(INVALID_HANDLE, "an event that does not exist, or of another context");
  }
  event = &found->second;
  return SUCCESS;
}

int runUpTo(const Ticket& ticket) {
  auto stream = driver().streams.find(ticket.stream);
  if (!ticket.done && stream != driver().streams.end()) return run(stream->second, &ticket);
  return driver().lost;
}

}  // namespace

int enqueue(CUstream handle, Command command) {
  BK_LOCK;
  Stream* stream;
  if (int code = find(handle, stream)) return code;
  stream->queue.push_back(std::move(command));
  return setting("eager") ? run(*stream, nullptr) : SUCCESS;
}

int drain(CUstream handle) {
  if (handle) {
    Stream* stream;
    if (int code = find(handle, stream)) return code;
    return run(*stream, nullptr);
  }
  for (auto& [h, stream] : driver().streams) { /* the null stream waits for blocking ones */
    if (stream.blocking && stream.context == current()) run(stream, nullptr);
  }
  return driver().lost;
}

int drainAll() {
  for (auto& [handle, stream] : driver().streams) {
    if (stream.context == current()) run(stream, nullptr);
  }
  return driver().lost;
}

long queued() {
  long commands = 0;
  for (auto& [handle, stream] : driver().streams) commands += (long)stream.queue.size();
  return commands;
}

}  // namespace bkdouble

using namespace bkdouble;

BK_API CUresult cuStreamCreate(CUstream* out, unsigned flags) {
  BK_ENTER(CREATE);
  *out = newHandle();
  driver().streams[*out] = {current(), (flags & 1) == 0, false, {}};
  return SUCCESS;
}

BK_API CUresult cuStreamCreateWithPriority(CUstream* out, unsigned flags, int) {
  return cuStreamCreate(out, flags);
}

BK_API CUresult cuStreamDestroy_v2(CUstream handle) {
  BK_ENTER(FREE);
  Stream* stream;
  if (int code = find(handle, stream)) return code;
  int code = run(*stream, nullptr);
  driver().streams.erase(handle);
  return code;
}

BK_API CUresult cuStreamSynchronize(CUstream handle) {
  BK_ENTER(SYNCHRONISE);
  return drain(handle);
}

BK_API CUresult cuCtxSynchronize() {
  BK_ENTER(SYNCHRONISE);
  return drainAll();
}

BK_API CUresult cuStreamQuery(CUstream handle) {
  BK_ENTER(SYNCHRONISE);
  Stream* stream;
  if (int code = find(handle, stream)) return code;
  return stream->queue.empty() ? SUCCESS : NOT_READY;
}

BK_API CUresult cuEventCreate(CUevent* out, unsigned) {
  BK_ENTER(CREATE);
  *out = newHandle();
  driver().events[*out] = {current(), nullptr};
  return SUCCESS;
}

BK_API CUresult cuEventDestroy_v2(CUevent handle) {
  BK_ENTER(FREE);
  Event* event;
  if (int code = find(handle, event)) return code;
  driver().events.erase(handle);
  return SUCCESS;
}

BK_API CUresult cuEventRecord(CUevent handle, CUstream stream) {
  BK_ENTER(SYNCHRONISE);
  Event* event;
  if (int code = find(handle, event)) return code;
  auto ticket = std::make_shared<Ticket>(Ticket{stream, false, 0.0});
  event->last = ticket;
  return enqueue(stream, [=] {
    ticket->done = true;
    ticket->milliseconds = now();
    return 0;
  });
}

/* Waits for what was recorded last before this call; an event never recorded holds nothing up. */
BK_API CUresult cuStreamWaitEvent(CUstream stream, CUevent handle, unsigned) {
  BK_ENTER(SYNCHRONISE);
  Event* event;
  if (int code = find(handle, event)) return code;
  auto ticket = event->last;
  if (!ticket) return SUCCESS;
  return enqueue(stream, [=] { return runUpTo(*ticket); });
}

BK_API CUresult cuEventSynchronize(CUevent handle) {
  BK_ENTER(SYNCHRONISE);
  Event* event;
  if (int code = find(handle, event)) return code;
  return event->last ? runUpTo(*event->last) : SUCCESS;
}

BK_API CUresult cuEventQuery(CUevent handle) {
  BK_ENTER(SYNCHRONISE);
  Event* event;
  if (int code = find(handle, event)) return code;
  return !event->last || event->last->done ? SUCCESS : NOT_READY;
}

BK_API CUresult cuEventElapsedTime(float* milliseconds, CUevent from, CUevent to) {
  BK_LOCK;
  Event *a, *b;
  if (int code = find(from, a)) return code;
  if (int code = find(to, b)) return code;
  if (!a->last || !b->last || !a->last->done || !b->last->done) return NOT_READY;
  *milliseconds = (float)(b->last->milliseconds - a->last->milliseconds);
  return SUCCESS;
}
