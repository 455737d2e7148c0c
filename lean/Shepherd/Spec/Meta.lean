module

public import Shepherd.Spec.Care
public import Shepherd.Spec.Merge

/-!
# What others do with a run

Messages are put before an agent, its branch is paused, renamed, replayed as a new branch, and
applied to another one. A replay here is opened, asked everything and closed in one; it goes on
from an edit, if there is one. Intents that were open together may come in any order.
-/

@[expose] public noncomputable section

namespace Shepherd

def tInject : Text := ['i', 'n', 'j', 'e', 'c', 't']
def tMessage : Text := ['m', 'e', 's', 's', 'a', 'g', 'e']
def tPause : Text := ['p', 'a', 'u', 's', 'e']
def tPaused : Text := ['p', 'a', 'u', 's', 'e', 'd']
def tResume : Text := ['r', 'e', 's', 'u', 'm', 'e']
def tDefault : Text := ['d', 'e', 'f', 'a', 'u', 'l', 't']
def tSettle : Text := ['s', 'e', 't', 't', 'l', 'e']
def tApply : Text := ['a', 'p', 'p', 'l', 'y']
def tBase : Text := ['b', 'a', 's', 'e']
def tFrom : Text := ['f', 'r', 'o', 'm']

/-- A store, and what is kept beside its branches. -/
structure Desk where
  store : Store
  /-- Branches that take reports and let every intent wait. -/
  paused : List Name := []
  /-- Intents that a pause holds, and what the rules said of them. -/
  stopped : List (Name × Id × Ruling) := []
  /-- Intents that wait, each with somebody who waits for the verdict. -/
  asking : List (Name × Id) := []
  /-- Messages that the agent of a branch has not got yet. -/
  letters : List (Name × Id) := []

/-- What is answered: a commit, and what came with it. -/
structure Reply where
  commit : Id
  /-- Messages that went to the agent, or the outcomes that a replay gave. -/
  given : List Id := []
  /-- Paths in conflict. -/
  paths : List Path := []
  /-- Where a replay stopped. -/
  ends : Option Id := none
  /-- Whether the whole record was replayed. -/
  whole : Bool := true
deriving DecidableEq

abbrev Replied := Desk × Except Refused Reply

/-- Nothing was done but to the store. -/
def Desk.with_ (d : Desk) : Answer → Replied
  | (s, .ok i) => ({ d with store := s }, .ok { commit := i })
  | (s, .error e) => ({ d with store := s }, .error e)

/-- An action of somebody, put on the record. -/
def acted (action by_ : Text) (more : Members := .nil) : Event where
  kind := .intervention
  payload := .obj (.cons tAction (.str action) (.cons tBy (.str by_) more))

/-- An action on a branch that takes more. -/
def noted (H : Hash) (s : Store) (n : Name) (e : Event) : Outcome :=
  match s.branch n with
  | none => .error .unknownBranch
  | some b => if b.status ≠ .live then .error .branchClosed else record H s n e

/-- A new commit on a branch, with further parents. -/
def stand (H : Hash) (s : Store) (n : Name) (more : List Id) (e : Event) (tree : Option Tree) :
    Outcome :=
  match s.branch n with
  | none => .error .unknownBranch
  | some b =>
    let c : Commit := { parents := b.head :: more, event := e, tree := tree }
    if s.commits.admits c then
      .ok ({ s with commits := s.commits.insert H c }.put n { b with head := c.id H }, c.id H)
    else .error (objection s.commits c)

/-! ## Messages and pauses -/

/-- Put a message before the agent; it comes with its next verdict. -/
def inject (H : Hash) (d : Desk) (n : Name) (message : Json) (by_ : Text) : Replied :=
  match noted H d.store n (acted tInject by_ (.cons tMessage message .nil)) with
  | .error e => (d, .error e)
  | .ok (s, i) => ({ d with store := s, letters := (n, i) :: d.letters }, .ok { commit := i })

/-- From now on what the agent wants to do waits. -/
def pause (H : Hash) (d : Desk) (n : Name) (by_ : Text) : Replied :=
  match noted H d.store n (acted tPause by_) with
  | .error e => (d, .error e)
  | .ok (s, i) => ({ d with store := s, paused := n :: d.paused }, .ok { commit := i })

/-- What the rules said counts; what they let wait waits on. -/
def release (H : Hash) : List (Name × Id × Ruling) → Store → Id → Outcome
  | [], s, i => .ok (s, i)
  | (n, intent, r) :: rest, s, i =>
    if r.decision = .hold then
      andThen (rule H s n intent r) fun s _ => release H rest s i
    else andThen (decideHeld H s n intent r) fun s _ => release H rest s i

/-- A paused branch goes on. -/
def resume (H : Hash) (d : Desk) (n : Name) (by_ : Text) : Replied :=
  if n ∉ d.paused then
    (d, .error (if (d.store.branch n).isSome then .branchClosed else .unknownBranch))
  else match andThen (noted H d.store n (acted tResume by_))
      (release H (d.stopped.filter fun one => decide (one.1 = n))) with
  | .error e => (d, .error e)
  | .ok (s, i) =>
    ({ d with store := s, paused := d.paused.filter fun one => decide (one ≠ n),
              stopped := d.stopped.filter fun one => decide (one.1 ≠ n) },
      .ok { commit := i })

/-- Why what is proposed on a paused branch waits. -/
def halt : Ruling := { decision := .hold, by_ := tPause, reason := some tPaused }

/-- Ask to act. On a paused branch only a deny is said at once. -/
def ask (H : Hash) (d : Desk) (n : Name) (intent : Event) (rulings : List Ruling) : Replied :=
  let r := combine rulings
  let stops := decide (n ∈ d.paused ∧ r.decision ≠ .deny)
  match propose H d.store n intent (if stops then [halt] else rulings) with
  | (s, .error e) => ({ d with store := s }, .error e)
  | (s, .ok i) =>
    let waits := stops || decide (r.decision = .hold)
    let said := if rulings.isEmpty then { r with by_ := tDefault } else r
    ({ d with
        store := s
        stopped := if stops then d.stopped ++ [(n, i, said)] else d.stopped
        asking := if waits then (n, i) :: d.asking else d.asking },
      .ok { commit := i })

/-- The messages of a branch, oldest first. -/
def Desk.waiting (d : Desk) (n : Name) : List Id :=
  (d.store.commits.reverse.map Prod.fst).filter fun i => decide ((n, i) ∈ d.letters)

/-- Whether an intent waits for a decision. -/
def Desk.waits (d : Desk) (n : Name) (i : Id) : Bool :=
  (d.store.branch n).any fun b => decide (i ∈ b.held)

/-- Whoever has a verdict now gets the messages with it. -/
def deliver (names : List Name) (d : Desk) (reply : Reply) : Replied :=
  ({ d with letters := d.letters.filter fun one => decide (one.1 ∉ names) },
    .ok { reply with given := reply.given ++ names.eraseDups.flatMap d.waiting })

/-- What is kept of branches that are closed, of what waits no more and of what is gone. -/
def Desk.tidy (d : Desk) : Desk :=
  { d with
    paused := d.paused.filter fun n =>
      (d.store.branch n).any fun b => decide (b.status = .live)
    stopped := d.stopped.filter fun one => d.waits one.1 one.2.1
    asking := d.asking.filter fun one => d.waits one.1 one.2
    letters := d.letters.filter fun one =>
      (d.store.branch one.1).isSome && d.store.commits.has one.2 }

/-! ## Names -/

/-- Another name for a branch. -/
def rename (d : Desk) (n new : Name) : Replied :=
  match d.store.branch n with
  | none => (d, .error .unknownBranch)
  | some b =>
    if n ≠ new ∧ (d.store.branch new).isSome then (d, .error .nameTaken)
    else
      let f := fun m => if m = n then new else m
      ({ store := { d.store with branches := d.store.branches.map fun one =>
           (f one.1, { one.2 with forkedFrom := one.2.forkedFrom.map fun at_ => (f at_.1, at_.2) }) }
         paused := d.paused.map f
         stopped := d.stopped.map fun one => (f one.1, one.2)
         asking := d.asking.map fun one => (f one.1, one.2)
         letters := d.letters.map fun one => (f one.1, one.2) }, .ok { commit := b.head })

/-! ## Replay -/

/-- Another payload at a commit. -/
abbrev Edit := Id × Json

/-- What an agent that runs again wants to do, and what the rules say of it. -/
structure Asked where
  kind : Kind
  payload : Json
  rulings : List Ruling := []

/-- A replay: the store, what of the record is not on the branch yet, oldest first, which intents
of it were asked for, and under which names commits stand on the branch. -/
structure Following where
  store : Store
  rest : List (Id × Commit)
  asked : List Id := []
  renamed : List (Id × Id) := []

/-- The payload that counts. -/
def edited (edit : Option Edit) (i : Id) (payload : Json) : Json :=
  match edit with
  | none => payload
  | some (at_, new) => if at_ = i then new else payload

/-- A recorded event, as it stands on the replay's branch. -/
def anew (edit : Option Edit) (f : Following) (i : Id) (e : Event) : Event :=
  { e with payload := edited edit i e.payload
           intent := e.intent.map fun intent => (f.renamed.lookup intent).getD intent }

/-- A recorded commit on the branch: itself as long as nothing differs, else one like it. -/
def onBranch (H : Hash) (into : Name) (edit : Option Edit) (f : Following) (i : Id) (c : Commit) :
    Except Refused Following :=
  match f.store.branch into with
  | none => .error .unknownBranch
  | some b =>
    let e := anew edit f i c.event
    if c.parents.head? = some b.head ∧ e = c.event ∧ f.store.commits.has i = true then
      .ok { f with store := f.store.put into { b with head := i } }
    else match stand H f.store into (c.parents.drop 1) e c.tree with
      | .error e => .error e
      | .ok (s, j) => .ok { f with store := s, renamed := (i, j) :: f.renamed }

/-- On to the next intent that was not asked for yet. -/
def advance (H : Hash) (into : Name) (edit : Option Edit) :
    List (Id × Commit) → Following → Except Refused Following
  | [], f => .ok { f with rest := [] }
  | (i, c) :: rest, f =>
    if c.event.isIntent = true ∧ i ∉ f.asked then .ok { f with rest := (i, c) :: rest }
    else match onBranch H into edit f i c with
      | .error e => .error e
      | .ok f => advance H into edit rest f

/-- The intents that may come next: the first, and those before its outcome. -/
def together (asked : List Id) (first : Option Id) : List (Id × Commit) → List (Id × Commit)
  | [] => []
  | (i, c) :: rest =>
    if c.event.isIntent = true ∧ i ∉ asked then
      (i, c) :: together asked (first <|> some i) rest
    else if c.event.isOutcome = true ∧ first.isSome = true ∧ c.event.intent = first then []
    else together asked first rest

/-- How a replay answers: with a recorded outcome; with the real thing, of an effect; or not. -/
inductive Turn where
  | given (outcome : Id) (f : Following)
  | real (effect : Effect)
  | ends (at_ : Id)

/-- What the record has not: done really where that is asked for, but nothing a second time that
cannot be undone. -/
def beyond (whole : List (Id × Commit)) (real : Bool) (at_ : Id) (a : Asked) : Turn :=
  if !real then .ends at_
  else match whole.find? fun one =>
      decide (one.2.event.kind = a.kind ∧ one.2.event.payload = a.payload) with
    | none => .real .irreversible
    | some (i, c) => if c.event.effect = .irreversible then .ends i else .real .irreversible

/-- The next intent of the agent. -/
def turn (H : Hash) (into : Name) (edit : Option Edit) (whole : List (Id × Commit)) (real : Bool)
    (end_ : Id) (f : Following) (a : Asked) : Except Refused Turn :=
  let next := together f.asked none f.rest
  match next.find? fun one => decide
      (one.2.event.kind = a.kind ∧ edited edit one.1 one.2.event.payload = a.payload) with
  | none => .ok (beyond whole real ((next.head?.map Prod.fst).getD end_) a)
  | some (i, c) =>
    match Commits.outcome whole i with
    | none => .ok (beyond whole real end_ a)
    | some (outcome, _) =>
      if edit.any fun one => decide (one.1 = i) then .ok (.real c.event.effect)
      else match advance H into edit f.rest { f with asked := i :: f.asked } with
        | .error e => .error e
        | .ok f => .ok (.given ((f.renamed.lookup outcome).getD outcome) f)

/-- The head of a branch, with what came of a replay. -/
def closed (s : Store) (into : Name) (given : List Id) (ends : Option Id) (whole : Bool) :
    Store × Except Refused Reply :=
  match s.branch into with
  | none => (s, .error .unknownBranch)
  | some b => (s, .ok { commit := b.head, given := given, ends := ends, whole := whole })

/-- Intent after intent, until the record cannot answer. What is then really done is proposed on
the branch, in a world as it is there. -/
def turns (H : Hash) (into : Name) (edit : Option Edit) (whole : List (Id × Commit)) (real : Bool)
    (end_ : Id) : List Asked → Following → List Id → Store × Except Refused Reply
  | [], f, given => closed f.store into given none f.rest.isEmpty
  | a :: more, f, given =>
    match turn H into edit whole real end_ f a with
    | .error e => (f.store, .error e)
    | .ok (.given outcome f) => turns H into edit whole real end_ more f (given ++ [outcome])
    | .ok (.ends at_) => closed f.store into given (some at_) f.rest.isEmpty
    | .ok (.real effect) =>
      match f.store.branch into with
      | none => (f.store, .error .unknownBranch)
      | some b =>
        let s := f.store.put into { b with folder := Commits.nearest (f.store.commits.path b.head) }
        match propose H s into { kind := a.kind, payload := a.payload, effect := effect }
            a.rulings with
        | (s, .error e) => (s, .error e)
        | (s, .ok i) => closed s into (given ++ [i]) none f.rest.isEmpty

/-- Replay what led to a commit, on a branch of its own that starts where the run began, or right
before an edit; the agent then asks these one after the other. -/
def replayed (H : Hash) (s : Store) (n : Name) (end_ : Id) (into : Name) (real : Bool)
    (edit : Option Edit) (asked : List Asked) : Store × Except Refused Reply :=
  let whole := (s.commits.path end_).reverse
  let before := match edit with
    | none => whole.take 1
    | some (at_, _) => whole.takeWhile fun one => decide (one.1 ≠ at_)
  match before.getLast? with
  | none => (s, .error .unknownCommit)
  | some (start, _) =>
    if before.length = whole.length ∧ edit.isSome = true then (s, .error .unknownCommit)
    else match fork s n (some start) into false with
      | (s, .error e) => (s, .error e)
      | (s, .ok _) =>
        let edit := edit.filter fun one =>
          decide ((s.commits.get one.1).map (fun c => c.event.payload) ≠ some one.2)
        let rest := whole.drop before.length
        match advance H into edit rest { store := s, rest := rest } with
        | .error e => (s, .error e)
        | .ok f => turns H into edit whole real end_ asked f []

/-! ## Merge -/

/-- What led to a commit, over all parents, newest first. -/
def Commits.history : Commits → List Id → List Id
  | [], _ => []
  | (i, c) :: rest, wanted =>
    if i ∈ wanted then i :: history rest (c.parents ++ wanted) else history rest wanted

/-- The common ancestors that are no ancestors of another one. -/
def Commits.nearestCommon (s : Commits) (onto other : Id) : List Id :=
  let common := (s.history [onto]).filter fun i => decide (i ∈ s.history [other])
  common.filter fun i =>
    !common.any fun j => (s.get j).any fun c => decide (i ∈ c.parents)

/-- What a merge compares both sides with: of several the one deepest on the log of `onto`; if none
stands there, the one with the longest log. -/
def Commits.mergeBase (s : Commits) (onto other : Id) : Option Id :=
  let nearest := s.nearestCommon onto other
  (s.log onto).find? (fun i => decide (i ∈ nearest)) <|>
    nearest.find? fun i => nearest.all fun j => decide ((s.log j).length ≤ (s.log i).length)

/-- Of three values that which one side changed; none when both did, differently. -/
def three {α : Type} [DecidableEq α] (base onto other : α) : Option α :=
  if onto = other ∨ onto = base then some other
  else if other = base then some onto
  else none

/-- Of a file that both sides changed, mode and content by themselves. -/
def joined : TextMerge
  | some (.file m c), some (.file m₁ c₁), some (.file m₂ c₂) =>
    match three m m₁ m₂, three c c₁ c₂ with
    | some mode, some content => some (some (.file mode content))
    | _, _ => none
  | _, _, _ => none

/-- The folder as it is, put on the record. -/
def change (why : Text) : Event where
  kind := .workspaceChange
  payload := .obj (.cons tWhy (.str why) .nil)
  effect := .reversible

/-- The folder of a branch on the record, if that has another. -/
def captured (H : Hash) (s : Store) (n : Name) (why : Text) : Outcome :=
  match s.branch n with
  | none => .error .unknownBranch
  | some b =>
    match b.folder with
    | none => .ok (s, b.head)
    | some folder =>
      if H.tree folder = H.tree (s.commits.world b.head) then .ok (s, b.head)
      else record H s n (change why) (some folder)

/-- What is said of a merge. -/
def applied_ (other base : Id) : Event where
  kind := .intervention
  payload := .obj (.cons tAction (.str tApply) (.cons tBase (.int base)
    (.cons tBy (.str tOwner) (.cons tFrom (.int other) .nil))))

/-- Merge what two branches hold, the one's folder as it is into the other's. With conflicts
nothing is merged; where nobody ever had a folder there is none. -/
def merging (H : Hash) (s : Store) (onto : Name) (o : Branch) (other : Id) :
    Store × Except Refused Reply :=
  match s.commits.mergeBase o.head other with
  | none => (s, .error .unknownCommit)
  | some base =>
    let was := s.commits.world base
    let ours := o.folder.getD (s.commits.world o.head)
    let theirs := s.commits.world other
    let found := conflicts joined was ours theirs
    if found ≠ [] ∨ base = other then (s, .ok { commit := o.head, paths := found })
    else
      let after := merged joined was ours theirs
      let worked := (s.commits.path o.head ++ s.commits.path other).any fun one =>
        one.2.tree.isSome
      match andThen (captured H s onto tSafety) fun s _ =>
          andThen (stand H s onto [other] (applied_ other base)
              (if worked then some after else none)) fun s i =>
            amend s onto i fun b => { b with folder := b.folder.map fun _ => after } with
      | .error e => (s, .error e)
      | .ok (s, i) => (s, .ok { commit := i })

/-- Apply a branch to another one. What its folder holds and no commit yet is put on the record
first. -/
def apply (H : Hash) (s : Store) (n onto : Name) : Store × Except Refused Reply :=
  match s.branch n with
  | none => (s, .error .unknownBranch)
  | some b =>
    if b.status = .discarded then (s, .error .branchClosed)
    else match s.branch onto with
      | none => (s, .error .unknownBranch)
      | some o =>
        if o.status ≠ .live then (s, .error .branchClosed)
        else match if b.status = .live then captured H s n tSettle else .ok (s, b.head) with
          | .error e => (s, .error e)
          | .ok (s, other) => merging H s onto o other

/-! ## Everything -/

/-- A request, with those of meta-agents, or what becomes of a whole store. -/
inductive Deed where
  | step (one : Step)
  | inject (n : Name) (message : Json) (by_ : Text)
  | pause (n : Name) (by_ : Text)
  | resume (n : Name) (by_ : Text)
  | rename (n new : Name)
  | replay (n : Name) (end_ : Id) (into : Name) (real : Bool) (edit : Option Edit)
      (asked : List Asked)
  | apply (n onto : Name)

/-- What is done, before anybody is told. -/
def carry (H : Hash) (d : Desk) : Deed → Replied
  | .step (.ask (.propose n intent rulings)) => ask H d n intent rulings
  | .step (.crash n) => { d with asking := [] }.with_ (step H d.store (.crash n))
  | .step one => d.with_ (step H d.store one)
  | .inject n message by_ => inject H d n message by_
  | .pause n by_ => pause H d n by_
  | .resume n by_ => resume H d n by_
  | .rename n new => rename d n new
  | .replay n end_ into real edit asked =>
    let answer := replayed H d.store n end_ into real edit asked
    ({ d with store := answer.1 }, answer.2)
  | .apply n onto =>
    let answer := apply H d.store n onto
    ({ d with store := answer.1 }, answer.2)

/-- The branch whose agent has a verdict at once. -/
def told (d : Desk) (reply : Reply) : Deed → List Name
  | .step (.ask (.propose n ..)) => if d.waits n reply.commit then [] else [n]
  | _ => []

/-- A deed: who waited for what was decided by it, has the answer. -/
def deed (H : Hash) (d : Desk) (one : Deed) : Replied :=
  match carry H d one with
  | (d, .error e) => (d.tidy, .error e)
  | (d, .ok reply) =>
    let answered := d.asking.filter fun one => !d.waits one.1 one.2
    deliver (told d reply one ++ answered.map Prod.fst) d.tidy reply

/-- Deed after deed: the store at the end, and every answer. -/
def deeds (H : Hash) : Desk → List Deed → Desk × List (Except Refused Reply)
  | d, [] => (d, [])
  | d, one :: rest =>
    let answer := deed H d one
    let after := deeds H answer.1 rest
    (after.1, answer.2 :: after.2)

end Shepherd
