module

public import Shepherd.Spec.Graph

/-!
# The operations on a store

An operation that is refused changes nothing, with one exception that is written where it is:
an outcome for an intent that was denied or is held.
-/

@[expose] public noncomputable section

namespace Shepherd

abbrev Name := Text

/-- Whether a branch takes more. -/
inductive Status where
  | live | ended | discarded
deriving DecidableEq

/-- A mutable name for a head, and what is kept beside: facts of the reflog, intents that wait for
a decision, and the folder in which the agent works, if it has one, as it is at this moment. -/
structure Branch where
  head : Id
  status : Status := .live
  forkedFrom : Option (Name × Id) := none
  clients : List (Text × Id) := []
  held : List Id := []
  folder : Option Tree := none
deriving DecidableEq

/-- One store. -/
structure Store where
  commits : Commits := []
  branches : List (Name × Branch) := []
deriving DecidableEq

/-- Why an operation was refused. -/
inductive Refused where
  | unknownBranch | branchClosed | nameTaken | unknownCommit | headMoved | clientIdConflict
  | unknownIntent | intentDenied | alreadyResolved | notReported | noWorld | notKept
deriving DecidableEq

/-- A changed store and a commit; or refused, with nothing changed. -/
abbrev Outcome := Except Refused (Store × Id)

/-- What an operation answers, with the store after it. -/
abbrev Answer := Store × Except Refused Id

/-- The answer to an operation that changed nothing when it was refused. -/
def settle (s : Store) : Outcome → Answer
  | .ok (s', i) => (s', .ok i)
  | .error e => (s, .error e)

/-- One after the other; the second gets the first one's commit. -/
def andThen (x : Outcome) (f : Store → Id → Outcome) : Outcome :=
  match x with
  | .ok (s, i) => f s i
  | .error e => .error e

namespace Store

/-- The branch of a name. -/
def branch (s : Store) (n : Name) : Option Branch :=
  (s.branches.find? fun one => decide (one.1 = n)).map Prod.snd

/-- With a branch under a name. -/
def put (s : Store) (n : Name) (b : Branch) : Store :=
  { s with branches := (n, b) :: s.branches.filter fun one => decide (one.1 ≠ n) }

/-- The log of a branch, from its head down. -/
def log (s : Store) (n : Name) : List Id :=
  match s.branch n with
  | some b => s.commits.log b.head
  | none => []

/-- The captured workspace at a branch's head. -/
def world (s : Store) (n : Name) : Tree :=
  match s.branch n with
  | some b => s.commits.world b.head
  | none => []

end Store

/-- Why a commit was not admitted. -/
def objection (s : Commits) (c : Commit) : Refused :=
  match c.event.intent with
  | none => .unknownIntent
  | some intent =>
    if (s.below c).any (fun one => decide (one.1 = intent)) && s.asks intent c.event.kind
    then .alreadyResolved else .unknownIntent

/-- A new commit on a branch. -/
def record (H : Hash) (s : Store) (n : Name) (e : Event) (tree : Option Tree := none) : Outcome :=
  match s.branch n with
  | none => .error .unknownBranch
  | some b =>
    let c : Commit := { parents := [b.head], event := e, tree := tree }
    if s.commits.admits c then
      .ok ({ s with commits := s.commits.insert H c }.put n { b with head := c.id H }, c.id H)
    else .error (objection s.commits c)

/-- Change what is kept beside a branch; the head stays. -/
def amend (s : Store) (n : Name) (i : Id) (f : Branch → Branch) : Outcome :=
  match s.branch n with
  | none => .error .unknownBranch
  | some b => .ok (s.put n { f b with head := b.head }, i)

/-- What only the sidecar records: it could forge verdicts, or ends. -/
def Kind.reported : Kind → Bool
  | .intervention | .runStart | .runEnd => false
  | _ => true

def tBy : Text := ['b', 'y']
def tReason : Text := ['r', 'e', 'a', 's', 'o', 'n']
def tSidecar : Text := ['s', 'i', 'd', 'e', 'c', 'a', 'r']
def tIneffective : Text :=
  ['v', 'e', 't', 'o', 'I', 'n', 'e', 'f', 'f', 'e', 'c', 't', 'i', 'v', 'e']
def tRestore : Text := ['r', 'e', 's', 't', 'o', 'r', 'e']
def tRewind : Text := ['r', 'e', 'w', 'i', 'n', 'd']
def tWhy : Text := ['w', 'h', 'y']
def tSafety : Text := ['s', 'a', 'f', 'e', 't', 'y']
def tPayload : Text := ['p', 'a', 'y', 'l', 'o', 'a', 'd']
def tHeld : Text := ['h', 'e', 'l', 'd']
def tTo : Text := ['t', 'o']
def tPaths : Text := ['p', 'a', 't', 'h', 's']
def tOwner : Text := ['o', 'w', 'n', 'e', 'r']
def tOverride : Text := ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']
def tAllow : Text := ['a', 'l', 'l', 'o', 'w']

/-- An outcome was reported for an intent that was denied or waits: it is on the record. -/
def ineffective (intent : Id) (why : Text) : Event where
  kind := .intervention
  payload := .obj (.cons tAction (.str tIneffective) (.cons tBy (.str tSidecar)
    (.cons tWhy (.str why) .nil)))
  intent := some intent

/-- Why an outcome must not be, if so: its intent was denied on this log, or waits there. What was
held on another branch and never decided here waits as well; so does what somebody waits for here,
even if a rewind cut off what the log said of it. -/
def vetoed (s : Store) (b : Branch) (e : Event) : Option (Id × Text) :=
  match e.intent with
  | none => none
  | some intent =>
    let path := s.commits.path b.head
    if !e.isOutcome || !path.any (fun one => decide (one.1 = intent)) then none
    else match Commits.outcome path intent with
      | some (_, found) => if found.event.isDenied then some (intent, tDenied) else none
      | none =>
        if Commits.denied path intent then some (intent, tDenied)
        else if Commits.waits path intent || decide (intent ∈ b.held) then some (intent, tHeld)
        else none

/-- Report an event. The same `client` and event again gives the first commit. -/
def append (H : Hash) (s : Store) (n : Name) (e : Event) (tree : Option Tree := none)
    (expected : Option Id := none) (client : Option Text := none) : Answer :=
  match s.branch n with
  | none => (s, .error .unknownBranch)
  | some b =>
    if b.status ≠ .live then (s, .error .branchClosed)
    else if expected.isSome ∧ expected ≠ some b.head then (s, .error .headMoved)
    else if !e.kind.reported then (s, .error .notReported)
    else match vetoed s b e with
      | some (intent, why) =>
        match record H s n (ineffective intent why) with
        | .ok (s', _) => (s', .error .intentDenied)
        | .error _ => (s, .error .intentDenied)
      | none =>
        match client.bind fun key => b.clients.lookup key with
        | some known =>
          if known ∈ s.commits.log b.head ∧ (s.commits.get known).map Commit.event = some e
          then (s, .ok known) else (s, .error .clientIdConflict)
        | none =>
          settle s (andThen (record H s n e tree) fun s' i =>
            amend s' n i fun b => match client with
              | none => b
              | some key => { b with clients := (key, i) :: b.clients })

/-- A second branch, at a commit or at the head of a branch. If it is to have a live world, that
starts as the world there, if any was ever captured. -/
def fork (s : Store) (origin : Name) (at_ : Option Id) (new : Name) (world : Bool) : Answer :=
  match at_ <|> (s.branch origin).map Branch.head with
  | none => (s, .error .unknownBranch)
  | some c =>
    if !s.commits.has c then (s, .error .unknownCommit)
    else if (s.branch new).isSome then (s, .error .nameTaken)
    else
      let folder := if world then Commits.nearest (s.commits.path c) else none
      (s.put new { head := c, forkedFrom := some (origin, c), folder := folder }, .ok c)

/-- Set aside. -/
def discard (s : Store) (n : Name) : Answer :=
  match s.branch n with
  | none => (s, .error .unknownBranch)
  | some b => (s.put n { b with status := .discarded }, .ok b.head)

/-- Not set aside any more. -/
def takeBack (s : Store) (n : Name) : Answer :=
  match s.branch n with
  | none => (s, .error .unknownBranch)
  | some b =>
    if b.status ≠ .discarded then (s, .error .branchClosed)
    else (s.put n { b with status := .live }, .ok b.head)

/-- The run ends here. -/
def ending (status : Text) : Event where
  kind := .runEnd
  payload := .obj (.cons tStatus (.str status) .nil)

/-- End a run. -/
def finish (H : Hash) (s : Store) (n : Name) (status : Text) : Answer :=
  match s.branch n with
  | none => (s, .error .unknownBranch)
  | some b =>
    if b.status ≠ .live then (s, .error .branchClosed)
    else settle s (andThen (record H s n (ending status)) fun s' i =>
      amend s' n i fun b => { b with status := .ended })

/-- The agent, or the user, changes the folder of a branch. -/
def work (s : Store) (n : Name) (folder : Tree) : Answer :=
  match s.branch n with
  | none => (s, .error .unknownBranch)
  | some b =>
    if b.folder.isNone then (s, .error .noWorld)
    else (s.put n { b with folder := some folder }, .ok b.head)

/-! ## Intents -/

/-- What a supervisor may say. -/
inductive Decision where
  | allow | override | hold | deny
deriving DecidableEq

/-- deny > hold > override > allow. -/
def Decision.rank : Decision → Nat
  | .allow => 0 | .override => 1 | .hold => 2 | .deny => 3

/-- What was said, by whom, and why. -/
structure Ruling where
  decision : Decision
  by_ : Text
  reason : Option Text := none
  payload : Option Json := none
deriving DecidableEq

/-- The strongest ruling; of equal ones the first attached. -/
def combine : List Ruling → Ruling
  | [] => { decision := .allow, by_ := [] }
  | [one] => one
  | one :: rest =>
    let other := combine rest
    if other.decision.rank > one.decision.rank then other else one

def Decision.text : Decision → Text
  | .allow => tAllow | .override => tOverride | .hold => tHold | .deny => tDeny

/-- With a member before others, if there is one. -/
def Members.with (key : Text) (value : Option Json) (tail : Members) : Members :=
  match value with
  | none => tail
  | some value => .cons key value tail

/-- A verdict, written down. -/
def verdict (intent : Id) (r : Ruling) : Event where
  kind := .intervention
  payload := .obj (.cons tAction (.str tVerdict) (.cons tBy (.str r.by_)
    (.cons tDecision (.str r.decision.text)
      (.with tPayload r.payload (.with tReason (r.reason.map .str) .nil)))))
  intent := some intent

/-- The outcome that follows a deny. -/
def deniedOutcome (kind : Kind) (intent : Id) (r : Ruling) : Event where
  kind := kind
  payload := .obj (.cons tBy (.str r.by_) (.cons tReason (.str (r.reason.getD []))
    (.cons tStatus (.str tDenied) .nil)))
  intent := some intent

/-- Write a verdict down; a deny at once makes the outcome `denied`. -/
def rule (H : Hash) (s : Store) (n : Name) (intent : Id) (r : Ruling) : Outcome :=
  andThen (record H s n (verdict intent r)) fun s' v =>
    if r.decision = .deny then
      match (s.commits.get intent).bind fun asked => asked.event.kind.outcome with
      | none => .error .unknownIntent
      | some kind =>
        andThen (record H s' n (deniedOutcome kind intent r)) fun s'' _ => .ok (s'', v)
    else .ok (s', v)

/-- Ask to act. Gives the intent's commit; what was ruled stands after it on the log. -/
def propose (H : Hash) (s : Store) (n : Name) (intent : Event) (rulings : List Ruling) : Answer :=
  match s.branch n with
  | none => (s, .error .unknownBranch)
  | some b =>
    if b.status ≠ .live then (s, .error .branchClosed)
    else if !intent.isIntent then (s, .error .notReported)
    else settle s (andThen (record H s n intent) fun s' i =>
      let r := combine rulings
      match r.decision with
      | .allow => .ok (s', i)
      | .override | .deny => andThen (rule H s' n i r) fun s'' _ => .ok (s'', i)
      | .hold => andThen (rule H s' n i r) fun s'' _ =>
          amend s'' n i fun b => { b with held := b.held ++ [i] })

/-- Decide on an intent that waits. One decision counts. -/
def decideHeld (H : Hash) (s : Store) (n : Name) (intent : Id) (r : Ruling) : Outcome :=
  match s.branch n with
  | none => .error .unknownBranch
  | some b =>
    if ((s.commits.get intent).bind fun asked => asked.event.kind.outcome).isNone then
      .error .unknownIntent
    else if intent ∉ b.held ∨ r.decision = .hold then .error .alreadyResolved
    else andThen (rule H s n intent r) fun s' v =>
      amend s' n v fun b => { b with held := b.held.filter fun one => decide (one ≠ intent) }

/-- Deny these, one after the other. -/
def denyAll (H : Hash) (n : Name) (r : Ruling) : List Id → Store → Id → Outcome
  | [], s, i => .ok (s, i)
  | intent :: rest, s, _ => andThen (decideHeld H s n intent r) (denyAll H n r rest)

/-- Back to a commit of its log; the tail stays under a name of its own, discarded, and what
waited there is denied first. -/
def rewind (H : Hash) (s : Store) (n : Name) (c : Id) (tail : Name) : Answer :=
  match s.branch n with
  | none => (s, .error .unknownBranch)
  | some b =>
    if b.status ≠ .live then (s, .error .branchClosed)
    else if c ∉ s.commits.log b.head then (s, .error .unknownCommit)
    else if (s.branch tail).isSome then (s, .error .nameTaken)
    else
      let cut := b.held.filter fun one => decide (one ∉ s.commits.log c)
      settle s (andThen
        (denyAll H n { decision := .deny, by_ := tRewind, reason := some tRewind } cut s b.head)
        fun s' _ =>
          match s'.branch n with
          | none => .error .unknownBranch
          | some last =>
            .ok ((s'.put tail { head := last.head, status := .discarded, forkedFrom := some (n, c) }).put
              n { last with head := c }, c))

/-! ## Restore -/

/-- The folder as it is, put on the record. -/
def safety : Event where
  kind := .workspaceChange
  payload := .obj (.cons tWhy (.str tSafety) .nil)
  effect := .reversible

/-- Texts as the items of an array. -/
def Items.texts : List Text → Items
  | [] => .nil
  | text :: rest => .cons (.str text) (texts rest)

/-- A restore, put on the record. A commit's name stands in it as a number. -/
def restored (to : Id) (paths : Option (List Path)) : Event where
  kind := .intervention
  payload := .obj (.cons tAction (.str tRestore) (.cons tBy (.str tOwner)
    (.with tPaths (paths.map fun paths => .arr (.texts paths)) (.cons tTo (.int to) .nil))))

/-- What a restore makes of a folder. -/
def restoring (folder was : Tree) : Option (List Path) → Tree
  | none => was
  | some paths => folder.graft was paths

/-- Bring the folder back to what it was at a commit, or these paths of it: (1) a commit of the
folder as it is, (2) a commit of the folder as it then is. Gives the first, which undoes it. -/
def restore (H : Hash) (s : Store) (n : Name) (c : Id) (paths : Option (List Path)) : Answer :=
  match s.branch n with
  | none => (s, .error .unknownBranch)
  | some b =>
    match b.folder with
    | none => (s, .error .noWorld)
    | some folder =>
      if !s.commits.has c then (s, .error .unknownCommit)
      else if b.status ≠ .live then (s, .error .branchClosed)
      else
        let target := restoring folder (s.commits.world c) paths
        settle s (andThen (record H s n safety (some folder)) fun s' saved =>
          andThen (record H s' n (restored c paths) (some target)) fun s'' _ =>
            amend s'' n saved fun b => { b with folder := some target })

/-! ## Everything that can be asked of a store -/

/-- A request. -/
inductive Op where
  | append (n : Name) (e : Event) (tree : Option Tree) (expected : Option Id)
      (client : Option Text)
  | fork (origin : Name) (at_ : Option Id) (new : Name) (world : Bool)
  | discard (n : Name)
  | takeBack (n : Name)
  | finish (n : Name) (status : Text)
  | work (n : Name) (folder : Tree)
  | propose (n : Name) (intent : Event) (rulings : List Ruling)
  | decide (n : Name) (intent : Id) (r : Ruling)
  | rewind (n : Name) (c : Id) (tail : Name)
  | restore (n : Name) (c : Id) (paths : Option (List Path))

/-- The names that a request is about; a fork is about its new name only. -/
def Op.about : Op → List Name
  | .append n .. | .discard n | .takeBack n | .finish n _ | .work n _ | .propose n ..
  | .decide n .. | .restore n .. => [n]
  | .fork _ _ new _ => [new]
  | .rewind n _ tail => [n, tail]

/-- What the store does with a request. -/
def act (H : Hash) (s : Store) : Op → Answer
  | .append n e tree expected client => append H s n e tree expected client
  | .fork origin at_ new world => fork s origin at_ new world
  | .discard n => discard s n
  | .takeBack n => takeBack s n
  | .finish n status => finish H s n status
  | .work n folder => work s n folder
  | .propose n intent rulings => propose H s n intent rulings
  | .decide n intent r => settle s (decideHeld H s n intent r)
  | .rewind n c tail => rewind H s n c tail
  | .restore n c paths => restore H s n c paths

/-- Request after request: the store at the end, and every answer. -/
def run (H : Hash) : Store → List Op → Store × List (Except Refused Id)
  | s, [] => (s, [])
  | s, op :: rest =>
    let answer := act H s op
    let after := run H answer.1 rest
    (after.1, answer.2 :: after.2)

/-! ## Those who look on -/

/-- Someone who looks on: what was told to them. -/
structure Observer where
  branch : Name
  told : List Id := []
deriving DecidableEq

/-- A store with those who look on. -/
structure Sidecar where
  store : Store
  observers : List Observer := []

/-- What a connection may send: a request to the store, or that it wants to be told. -/
inductive Request where
  | op (op : Op)
  | observe (n : Name)
  | unobserve (n : Name)

/-- What is asked of the store, if anything. -/
def Request.op? : Request → Option Op
  | .op asked => some asked
  | _ => none

/-- One request: the store acts, and whoever looks on at what it was about is told. -/
def serve (H : Hash) (x : Sidecar) : Request → Sidecar × Option (Except Refused Id)
  | .op op =>
    let answer := act H x.store op
    ({ store := answer.1,
       observers := x.observers.map fun one =>
         if one.branch ∈ op.about then { one with told := answer.1.log one.branch } else one },
     some answer.2)
  | .observe n => ({ x with observers := { branch := n } :: x.observers }, none)
  | .unobserve n =>
    ({ x with observers := x.observers.filter fun one => decide (one.branch ≠ n) }, none)

/-- Request after request: the sidecar at the end, and what the store answered. -/
def serveAll (H : Hash) : Sidecar → List Request → Sidecar × List (Except Refused Id)
  | x, [] => (x, [])
  | x, request :: rest =>
    let one := serve H x request
    let after := serveAll H one.1 rest
    (after.1, one.2.toList ++ after.2)

/-- A store with one branch, that begins with `run_start` and the workspace as it is, if any. -/
def begin (H : Hash) (n : Name) (payload : Json) (folder : Option Tree) : Store :=
  let c : Commit := { parents := [], event := { kind := .runStart, payload := payload },
                      tree := folder }
  { commits := [(c.id H, c)], branches := [(n, { head := c.id H, folder := folder })] }

/-- **Well-formed**: the commits are, and every branch's head is there. -/
def Store.WF (H : Hash) (s : Store) : Prop :=
  Commits.WF H s.commits ∧ ∀ n b, s.branch n = some b → s.commits.has b.head = true

end Shepherd
