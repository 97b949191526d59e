(* The recurrence of src/attention/recurrence.hpp and online.hpp, over any arithmetic.

   An arithmetic says what a number is and how it rounds, as a semantics k does there. Each function does what the C++
   function of its name does, operation by operation; a numerator is a function from channels. It runs in Flocq's
   binary32, where the link compares its bits with those of the C++ (link.v), and in rounded real numbers, where the
   bound is proved (score_tree.v, absorb.v). *)
From Coq Require Import List.
Import ListNotations.

Record arithmetic (T : Type) := Arithmetic {
  max : T -> T -> T; sub : T -> T -> T; exponential : T -> T; probability : T -> T;
  add : T -> T -> T; mul : T -> T -> T; div : T -> T -> T }.
Arguments max {T}. Arguments sub {T}. Arguments exponential {T}. Arguments probability {T}.
Arguments add {T}. Arguments mul {T}. Arguments div {T}.

(* A tree of merges over keys. *)
Inductive tree (K : Type) := leaf (k : K) | node (a b : tree K).
Arguments leaf {K}. Arguments node {K}.

Fixpoint leaves {K} (t : tree K) : list K :=
  match t with leaf k => [k] | node a b => leaves a ++ leaves b end.

(* How many merges a key goes through at most. *)
Fixpoint depth {K} (t : tree K) : nat :=
  match t with leaf _ => 0 | node a b => S (Nat.max (depth a) (depth b)) end.

Record row (T : Type) := Row { row_m : T; row_l : T; row_o : nat -> T }.
Arguments Row {T}. Arguments row_m {T}. Arguments row_l {T}. Arguments row_o {T}.

Section Program.
Context {T K : Type} (A : arithmetic T) (score_of : K -> T) (value_of : K -> nat -> T).

Definition running_max (m : T) (ks : list K) := fold_left (fun m k => max A m (score_of k)) ks m.

(* accumulate, for one key: its weight under the row's shift is added to both sums. *)
Definition accumulate_key (r : row T) (k : K) :=
  let w := exponential A (sub A (score_of k) (row_m r)) in
  let p := probability A w in
  Row (row_m r) (add A (row_l r) w) (fun c => add A (row_o r c) (mul A p (value_of k c))).

Definition block (k : K) (ks : list K) :=
  let m := running_max (score_of k) ks in
  let w := exponential A (sub A (score_of k) m) in
  let p := probability A w in
  fold_left accumulate_key ks (Row m w (fun c => mul A p (value_of k c))).

Definition merge (a b : row T) :=
  let m := max A (row_m a) (row_m b) in
  let ra := exponential A (sub A (row_m a) m) in
  let rb := exponential A (sub A (row_m b) m) in
  Row m (add A (mul A (row_l a) ra) (mul A (row_l b) rb))
        (fun c => add A (mul A (row_o a c) ra) (mul A (row_o b c) rb)).

Definition step (r : row T) (k : K) := merge r (block k []).

Definition absorb (r : row T) (ks : list K) :=
  let m := running_max (row_m r) ks in
  let f := exponential A (sub A (row_m r) m) in
  fold_left accumulate_key ks (Row m (mul A (row_l r) f) (fun c => mul A (row_o r c) f)).

Definition finalize (channels : nat) (r : row T) :=
  map (fun c => div A (row_o r c) (row_l r)) (seq 0 channels).

(* A tree of merges of single keys, and the loop of FlashAttention: the first tile's block, then tile by tile. *)
Fixpoint merge_tree (t : tree K) :=
  match t with leaf k => block k [] | node a b => merge (merge_tree a) (merge_tree b) end.

Definition absorb_tiles (k : K) (first : list K) (tiles : list (list K)) := fold_left absorb tiles (block k first).
End Program.
