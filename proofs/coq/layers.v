(* Recompute = cached, for every number of layers, every length and every model: layers.hpp.

   A model is four functions of which nothing is known, so the two evaluators agree bit for bit in any arithmetic. *)
From Coq Require Import List Lia Arith.
Import ListNotations.

Section Layers.
Context {X Held : Type}.
Variables (embed : nat -> X) (begin : nat -> X -> Held) (absorb : nat -> Held -> X -> X -> Held)
  (finish : nat -> Held -> X -> X).

(* layer_row: the row's own input, then those of tokens 0 .. t-1. *)
Definition layer_row layer t x (input : nat -> X) :=
  finish layer (fold_left (fun held j => absorb layer held x (input j)) (seq 0 t) (begin layer x)) x.

(* Everything anew, from the tape alone. *)
Fixpoint recompute level t :=
  match level with 0 => embed t | S below => layer_row level t (recompute below t) (recompute below) end.

(* CachedLayers::next: the inputs of every layer are kept, a list a layer. *)
Fixpoint next_layers layer t x (inputs : list (list X)) : X * list (list X) :=
  match inputs with
  | [] => (x, [])
  | kept :: above =>
    let kept := kept ++ [x] in
    let y := layer_row layer t x (fun j => nth j kept x) in
    let (out, above) := next_layers (S layer) t y above in (out, kept :: above)
  end.

Definition next t inputs := next_layers 1 t (embed t) inputs.

Fixpoint cached_from t count inputs :=
  match count with 0 => [] | S more => let (out, inputs) := next t inputs in out :: cached_from (S t) more inputs end.

(* The outputs of the first `count` tokens. *)
Definition cached layers count := cached_from 0 count (repeat [] layers).

Lemma layer_row_ext layer t x f g : (forall j, j < t -> f j = g j) -> layer_row layer t x f = layer_row layer t x g.
Proof.
  intros H. unfold layer_row. f_equal. generalize (begin layer x) as held.
  assert (forall j, In j (seq 0 t) -> f j = g j) as Hin by (intros j Hj; apply H; apply in_seq in Hj; lia).
  clear H. induction (seq 0 t) as [|j js IH]; simpl; auto. intros held.
  rewrite (Hin j (or_introl eq_refl)). apply IH. intros. apply Hin. right. assumption.
Qed.

(* What is kept before token t: the inputs of layers level + 1, level + 2, ... at tokens 0 .. t-1. *)
Definition kept_before level layers t := map (fun i => map (recompute (level + i)) (seq 0 t)) (seq 0 layers).

Lemma kept_before_cons level layers t :
  kept_before level (S layers) t = map (recompute level) (seq 0 t) :: kept_before (S level) layers t.
Proof.
  unfold kept_before. simpl. rewrite Nat.add_0_r. f_equal. rewrite <- seq_shift, map_map.
  apply map_ext. intros i. rewrite Nat.add_succ_r. reflexivity.
Qed.

Lemma next_layers_recompute layers : forall level t,
  next_layers (S level) t (recompute level t) (kept_before level layers t) =
    (recompute (level + layers) t, kept_before level layers (S t)).
Proof.
  induction layers as [|layers IH]; intros level t; [rewrite Nat.add_0_r; reflexivity|].
  rewrite !kept_before_cons. simpl next_layers.
  assert (map (recompute level) (seq 0 t) ++ [recompute level t] = map (recompute level) (seq 0 (S t))) as Hkept
    by (rewrite seq_S, map_app; reflexivity).
  rewrite Hkept.
  rewrite (layer_row_ext (S level) t _ _ (recompute level)).
  - change (layer_row (S level) t (recompute level t) (recompute level)) with (recompute (S level) t).
    rewrite IH, Nat.add_succ_r. reflexivity.
  - intros j Hj. rewrite (nth_indep _ _ (recompute level 0)) by (rewrite map_length, seq_length; lia).
    rewrite map_nth, seq_nth by lia. reflexivity.
Qed.

Lemma cached_from_recompute layers count : forall t,
  cached_from t count (kept_before 0 layers t) = map (recompute layers) (seq t count).
Proof.
  induction count as [|count IH]; intros t; [reflexivity|]. simpl. unfold next.
  change (embed t) with (recompute 0 t). rewrite (next_layers_recompute layers 0 t). simpl. rewrite IH. reflexivity.
Qed.

Theorem recompute_is_cached layers count : cached layers count = map (recompute layers) (seq 0 count).
Proof.
  unfold cached. rewrite <- cached_from_recompute. f_equal. unfold kept_before. simpl.
  assert (forall n first, repeat [] n = map (fun _ => @nil X) (seq first n)) as H; [|apply H].
  induction n as [|n IH]; intros first; simpl; [|rewrite (IH (S first))]; reflexivity.
Qed.
End Layers.
