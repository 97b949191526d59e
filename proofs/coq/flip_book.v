(* The flip-book RNN, for any number of tokens: cells/flip_book.hpp and cells/attention.hpp.

   With the attention cell its rows are causal attention. With a cell whose emit leaves the state that its step does, one
   pass gives the same rows as re-reading, bit for bit. *)
From Coq Require Import Reals List Lra Lia.
From Attest Require Import sums program exact.
Import ListNotations.

Section FlipBook.
Context {Held Token Out : Type}.
Variables (step_of : Held -> Token -> Held) (emit_of : Held -> Token -> Held * Out).

(* flip_book_row: tokens 0 .. t-1 are stepped over from the state of no tokens, token t is emitted. *)
Definition flip_book_row (empty : Held) (tokens : list Token) t (none : Token) :=
  snd (emit_of (fold_left step_of (firstn t tokens) empty) (nth t tokens none)).

(* one_pass: every token is emitted, and the state goes on. *)
Fixpoint one_pass (held : Held) (tokens : list Token) : list Out :=
  match tokens with
  | [] => []
  | token :: rest => let (held, out) := emit_of held token in out :: one_pass held rest
  end.

Hypothesis emit_steps : forall held token, fst (emit_of held token) = step_of held token.

Theorem one_pass_is_flip_book empty tokens none :
  one_pass empty tokens = map (fun t => flip_book_row empty tokens t none) (seq 0 (length tokens)).
Proof.
  revert empty. induction tokens as [|token tokens IH]; intros empty; [reflexivity|]. simpl.
  rewrite (surjective_pairing (emit_of empty token)), emit_steps, IH. f_equal.
  rewrite <- seq_shift, map_map. reflexivity.
Qed.
End FlipBook.

Open Scope R_scope.

(* guarded.hpp in exact numbers: None is a maximum of no keys, minus infinity, whose exponential is 0. *)
Record guarded := Guarded { g_m : option R; g_l : R; g_o : nat -> R }.

Definition empty_state := Guarded None 0 (fun _ => 0).
Definition guarded_max a b :=
  match a, b with None, _ => b | _, None => a | Some x, Some y => Some (Rmax x y) end.
Definition guarded_shift m := match m with None => 0 | Some x => x end.
Definition guarded_exp m shift := match m with None => 0 | Some x => exp (x - shift) end.

Definition guarded_merge (a b : guarded) :=
  let m := guarded_max (g_m a) (g_m b) in
  let shift := guarded_shift m in
  let ra := guarded_exp (g_m a) shift in
  let rb := guarded_exp (g_m b) shift in
  Guarded m (g_l a * ra + g_l b * rb) (fun c => g_o a c * ra + g_o b c * rb).

Section AttentionCell.
Context {Token : Type} (score_of : Token -> R) (value_of : Token -> nat -> R).

Definition cell_step (held : guarded) (token : Token) :=
  guarded_merge held (Guarded (Some (score_of token)) 1 (fun c => 1 * value_of token c)).
Definition cell_emit (held : guarded) (token : Token) :=
  let held := cell_step held token in (held, fun c => g_o held c / g_l held).

Definition holds (g : guarded) (ks : list Token) :=
  match g_m g with
  | None => ks = [] /\ g_l g = 0 /\ forall c, g_o g c = 0
  | Some m => represents score_of value_of (Row m (g_l g) (g_o g)) ks
  end.

Lemma cell_step_holds g ks token : holds g ks -> holds (cell_step g token) (ks ++ [token]).
Proof.
  unfold holds, cell_step. destruct g as [[m|] l o]; simpl.
  - intros H. apply (merge_represents score_of value_of (Row m l o) ks
      (Row (score_of token) 1 (fun c => 1 * value_of token c)) [token] H).
    split; simpl; [|intros c]; rewrite Rminus_eq_0, exp_0; ring.
  - intros (-> & -> & Ho). split; simpl; [|intros c; rewrite Ho]; rewrite Rminus_eq_0, exp_0; ring.
Qed.

Lemma cell_steps_hold more : forall g ks, holds g ks -> holds (fold_left cell_step more g) (ks ++ more).
Proof.
  induction more as [|token more IH]; simpl; intros g ks H; [rewrite app_nil_r; assumption|].
  apply (cell_step_holds _ _ token), IH in H. rewrite <- app_assoc in H. exact H.
Qed.

Theorem flip_book_is_attention tokens t none c : (t < length tokens)%nat ->
  flip_book_row cell_step cell_emit empty_state tokens t none c = mean score_of value_of (firstn (S t) tokens) c.
Proof.
  intros Ht. unfold flip_book_row, cell_emit. cbn [snd].
  set (token := nth t tokens none).
  assert (holds (cell_step (fold_left cell_step (firstn t tokens) empty_state) token) (firstn (S t) tokens)) as H.
  { replace (firstn (S t) tokens) with (firstn t tokens ++ [token]).
    - apply cell_step_holds. apply (cell_steps_hold _ _ []). unfold holds. simpl. auto.
    - unfold token. clear - Ht. revert t Ht. induction tokens as [|x xs IH]; intros [|t] Ht; simpl in *; try lia; auto.
      rewrite IH by lia. reflexivity. }
  unfold holds in H. destruct (g_m _) as [m|] eqn:Hm.
  - rewrite <- (output_is_mean score_of value_of _ _ c H); [reflexivity|].
    destruct tokens; [simpl in Ht; lia|discriminate].
  - destruct H as (H & _). destruct tokens; [simpl in Ht; lia|discriminate].
Qed.
End AttentionCell.
